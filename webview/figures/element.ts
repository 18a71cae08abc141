/** Strings become text nodes: a name from data is never markup. Lists may be of any length. */
export type Child = Node | string | readonly Child[];

const add = (parent: ParentNode, child: Child): void => {
  if (typeof child === 'string' || child instanceof Node) parent.append(child);
  else for (const each of child) add(parent, each);
};

/** Replaces the existing children with these. */
export const fill = (parent: ParentNode, children: readonly Child[]): void => {
  const together = document.createDocumentFragment();
  add(together, children);
  parent.replaceChildren(together);
};

/** An HTML element with attributes and children. */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  add(node, children);
  return node;
};
