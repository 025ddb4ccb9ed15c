/* Rows slide from their old place to the new one; with reduced motion they cross-fade. */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Run change(), then let every element of nodes() glide from where it stood; ms is the length of the slide. */
export function slide(nodes, change, ms = 600) {
  const before = new Map(nodes().map((node) => [node, node.getBoundingClientRect().top]));
  change();
  for (const node of nodes()) {
    const top = node.getBoundingClientRect().top;
    const old = before.get(node);
    if (old === undefined) {
      node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: calm.matches ? 150 : ms, easing: "ease-out" });
    } else if (Math.abs(old - top) > 1) {
      if (calm.matches) node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 150 });
      else node.animate([{ transform: `translateY(${old - top}px)` }, { transform: "none" }], { duration: ms, easing: "cubic-bezier(.2, .7, .2, 1)" });
    }
  }
}
