// The page's document by the browser's own functions. A form with a field named `parentNode`, or an image named `querySelectorAll`, takes the place
// of those members for scripts of every world; the prototypes it cannot reach.

const { getAttribute, getAttributeNames, getBoundingClientRect, matches } = Element.prototype;
const { contains, getRootNode } = Node.prototype;
const parentOfNode = getter(Node.prototype, 'parentNode') as (of: Node) => Node | null;
const textOfNode = getter(Node.prototype, 'textContent') as (of: Node) => string | null;
const connectedOf = getter(Node.prototype, 'isConnected') as (of: Node) => boolean;
const shadowOfElement = getter(Element.prototype, 'shadowRoot') as (of: Element) => ShadowRoot | null;
const localNameOf = getter(Element.prototype, 'localName') as (of: Element) => string;
const rootOfDocument = getter(Document.prototype, 'documentElement') as (of: Document) => Element | null;
const visibilityOf = getter(Document.prototype, 'visibilityState') as (of: Document) => DocumentVisibilityState;

export type Root = Document | ShadowRoot;

export const attributeOf = (element: Element, name: string): string | null => getAttribute.call(element, name);
export const attributeNamesOf = (element: Element): string[] => getAttributeNames.call(element);
export const boxOf = (element: Element): DOMRect => getBoundingClientRect.call(element);
export const fits = (element: Element, selector: string): boolean => matches.call(element, selector);
export const textOf = (node: Node): string => textOfNode(node) ?? '';
export const isConnected = (node: Node): boolean => connectedOf(node);
export const shadowOf = (element: Element): ShadowRoot | null => shadowOfElement(element);
export const nameOf = (element: Element): string => localNameOf(element);
export const pageElement = (): Element | null => rootOfDocument(document);
export const isPageVisible = (): boolean => visibilityOf(document) === 'visible';

export function makeElement<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] {
  return Document.prototype.createElement.call(document, name) as HTMLElementTagNameMap[Name];
}

/** Throws where the selector is none. */
export function findAll(within: Document | DocumentFragment | Element, selector: string): NodeListOf<Element> {
  return finding(within).querySelectorAll.call(within, selector);
}

/** The first one, or null; throws where the selector is none. */
export function findFirst(within: Document | DocumentFragment | Element, selector: string): Element | null {
  return finding(within).querySelector.call(within, selector);
}

function finding(within: ParentNode): ParentNode {
  return (within instanceof Document ? Document : within instanceof Element ? Element : DocumentFragment).prototype;
}

export function rootOf(node: Node): Root {
  const root = getRootNode.call(node);
  return root instanceof ShadowRoot ? root : document;
}

/** The element around it, out of open shadow roots as well. */
export function parentOf(element: Element): Element | null {
  const parent = parentOfNode(element);
  if (parent instanceof ShadowRoot) return parent.host;
  return parent instanceof Element ? parent : null;
}

/** Whether one is the other or somewhere in it, through open shadow roots. */
export function isWithin(inner: Element, outer: Element): boolean {
  if (contains.call(outer, inner)) return true;
  for (let root = rootOf(inner); root instanceof ShadowRoot; root = rootOf(root.host)) {
    if (contains.call(outer, root.host)) return true;
  }
  return false;
}

/** What is on top at a point of the viewport, within open shadow roots; null outside. */
export function elementAt(x: number, y: number): Element | null {
  let found = Document.prototype.elementFromPoint.call(document, x, y);
  for (let depth = 0; found !== null && depth < 20; depth += 1) {
    const inner: Element | null = shadowOf(found)?.elementFromPoint(x, y) ?? null;
    if (inner === null || inner === found) break;
    found = inner;
  }
  return found;
}

export function walkElements(root: Root): TreeWalker {
  return Document.prototype.createTreeWalker.call(document, root, NodeFilter.SHOW_ELEMENT);
}

function getter(prototype: object, name: string): (of: Node) => unknown {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (of) => get?.call(of);
}
