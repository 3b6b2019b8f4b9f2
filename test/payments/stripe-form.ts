// The form that Stripe's API is asked in: `metadata[order]=a&line_items[0][quantity]=1`.

export interface Form {
  [name: string]: string | string[] | Form | undefined;
}

export function readForm(fields: Iterable<[string, string]>): Form {
  const form: Form = {};
  for (const [name, value] of fields) {
    const path = name.replaceAll(']', '').split('[');
    let place = form;
    for (const step of path.slice(0, -1)) place = (place[step] ??= {}) as Form;
    place[path.at(-1) ?? ''] = value;
  }
  return form;
}

export function textAt(form: Form, ...path: string[]): string | undefined {
  let place: Form[string] = form;
  for (const step of path) place = typeof place === 'object' && !Array.isArray(place) ? place[step] : undefined;
  return typeof place === 'string' ? place : undefined;
}

export function formAt(form: Form, name: string): Form {
  const found = form[name];
  return typeof found === 'object' && !Array.isArray(found) ? found : {};
}
