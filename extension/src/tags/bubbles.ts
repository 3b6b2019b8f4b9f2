// What each module of an automation cost in a run, beside the module, with a switch at the scenario's name.
import { say } from '../say.ts';
import type { FromTags } from '../tag-messages.ts';
import type { Drawing } from './drawing.ts';
import { attributeOf, findAll, findFirst } from './plain-dom.ts';
import { fillSign, makeSign, type Sign } from './sign.ts';

export interface Bubbles {
  keep(containers: readonly Element[]): void;
  /** Which scenarios show theirs; one that is not named does. */
  settings(bubbles: Readonly<Record<string, boolean>>): void;
  show(scenario: string, modules: Readonly<Record<string, { text: string; spoken: string }>>): void;
  forget(): void;
  clear(): void;
}

interface Shown {
  scenario: string;
  run: string | null;
  toggle: Sign;
  modules: Map<Element, { sign: Sign; module: string }>;
  /** What was asked for, as JSON. */
  sent: string;
  costs: Readonly<Record<string, { text: string; spoken: string }>>;
}

const SCENARIOS_MAX = 20;
const MODULES_MAX = 500;

export function bubbles(root: ShadowRoot, drawing: Drawing, send: (message: FromTags) => void): Bubbles {
  const shown = new Map<Element, Shown>();
  const off = new Set<string>();
  let count = 0;

  function add(anchor: Element, whenPressed: (() => void) | null): Sign {
    count += 1;
    const sign = makeSign(`m${count}`, anchor, whenPressed);
    drawing.add(sign);
    return sign;
  }
  function take(container: Element): void {
    const scenario = named(container, 'data-credits-scenario');
    const run = named(container, 'data-credits-run');
    if (scenario === null) return;
    const name = findFirst(container, '[data-credits-scenario-name]') ?? container;
    const had = shown.get(container);
    if (had !== undefined && (had.scenario !== scenario || had.toggle.anchor !== name)) drop(container);
    const made = shown.get(container) ?? {
      scenario,
      run,
      toggle: add(name, () => press(scenario)),
      modules: new Map<Element, { sign: Sign; module: string }>(),
      sent: '',
      costs: {},
    };
    made.run = run;
    shown.set(container, made);
    const modules = new Map<Element, string>();
    for (const element of [...findAll(container, '[data-credits-module]')].slice(0, MODULES_MAX)) {
      const module = named(element, 'data-credits-module');
      if (module !== null) modules.set(element, module);
    }
    for (const [element, { sign, module }] of made.modules) {
      if (modules.get(element) === module) continue;
      drawing.remove(sign);
      made.modules.delete(element);
    }
    for (const [element, module] of modules) {
      if (!made.modules.has(element)) made.modules.set(element, { sign: add(element, null), module });
    }
    ask(made);
    fill(made);
  }
  function ask(of: Shown): void {
    const { scenario, run, modules } = of;
    const names = [...new Set([...modules.values()].map(({ module }) => module))];
    const sent = off.has(scenario) || names.length === 0 ? '' : JSON.stringify([scenario, run, names]);
    if (sent === of.sent) return;
    of.sent = sent;
    if (sent !== '') send({ type: 'modules', scenario, run, modules: names });
  }
  function fill({ scenario, toggle, modules, costs }: Shown): void {
    const isOn = !off.has(scenario);
    const [text, spoken] = [isOn ? say('tags_bubbles_on') : say('tags_bubbles_off'), say('tags_bubbles', scenario)];
    fillSign(toggle, { text, spoken, range: null, tone: 'plain', dot: null }, root);
    toggle.element?.setAttribute('aria-checked', String(isOn));
    for (const { sign, module } of modules.values()) {
      const cost = Object.hasOwn(costs, module) ? costs[module] : undefined;
      if (isOn && cost !== undefined) fillSign(sign, { ...cost, range: null, tone: 'plain', dot: null }, root);
      else drawing.blank(sign);
    }
    drawing.stir();
  }
  function press(scenario: string): void {
    const on = off.has(scenario);
    turn(scenario, on);
    send({ type: 'bubbles', scenario, on });
  }
  function turn(scenario: string, on: boolean): void {
    if (on) off.delete(scenario);
    else off.add(scenario);
    for (const each of shown.values()) {
      if (each.scenario !== scenario) continue;
      ask(each);
      fill(each);
    }
  }
  function drop(container: Element): void {
    const had = shown.get(container);
    shown.delete(container);
    if (had === undefined) return;
    drawing.remove(had.toggle);
    for (const { sign } of had.modules.values()) drawing.remove(sign);
  }

  return {
    keep: (containers) => {
      const some = containers.slice(0, SCENARIOS_MAX);
      for (const container of shown.keys()) if (!some.includes(container)) drop(container);
      for (const container of some) take(container);
    },
    settings: (set) => {
      const scenarios = new Set([...shown.values()].map(({ scenario }) => scenario));
      off.clear();
      for (const [scenario, on] of Object.entries(set)) if (!on) off.add(scenario);
      for (const scenario of scenarios) turn(scenario, !off.has(scenario));
    },
    show: (scenario, modules) => {
      for (const each of shown.values()) {
        if (each.scenario !== scenario) continue;
        each.costs = modules;
        fill(each);
      }
    },
    forget: () => {
      for (const each of shown.values()) {
        each.sent = '';
        ask(each);
      }
    },
    clear: () => {
      for (const container of shown.keys()) drop(container);
    },
  };
}

function named(element: Element, attribute: string): string | null {
  const name = attributeOf(element, attribute)?.trim() ?? '';
  return name === '' || name.length > 256 ? null : name;
}
