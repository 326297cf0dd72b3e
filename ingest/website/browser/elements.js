// Makes elements of a page; text is always text, whatever it holds.

/** Return an element with attributes and children; what is null or false is left out. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Return an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Return pieces of [whether to mark, text] as nodes, those to mark as elements with attributes. */
export function marked(pieces, name = "mark", attributes = {}) {
  return pieces.map(([hit, text]) => (hit ? element(name, attributes, text) : text));
}
