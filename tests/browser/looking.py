"""How a page is looked at by a test: does it fit, can everybody use it, is it whole in its language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHINESE = re.compile(r"[\u2e80-\u9fff\u3000-\u303f\uff01-\uff60\U00020000-\U0003ffff]+")
READ = """() => {
    const texts = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (!node.parentElement.closest("script, style, template, noscript")) texts.push(node.data);
    }
    for (const node of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
        for (const name of ["aria-label", "title", "placeholder", "alt"]) texts.push(node.getAttribute(name) || "");
    }
    return texts;
}"""


def overflow(page: Page) -> list[str]:
    """What stands out to the right where the page is wider than its window."""
    return page.evaluate("""() => {
        const { documentElement: root } = document;
        if (root.scrollWidth <= innerWidth) return [];
        const isWide = (node) => node.getBoundingClientRect().right > innerWidth + 1;
        const wide = [...document.body.querySelectorAll("*")].filter(isWide);
        return [`${root.scrollWidth} > ${innerWidth}`, ...wide.slice(0, 5).map((node) => node.outerHTML.slice(0, 120))];
    }""")  # type: ignore[no-any-return]


def barriers(page: Page) -> list[str]:
    """What axe calls serious or critical, with the elements."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]} {one['nodes'][0]['failureSummary']}"
        for one in found if one["impact"] in ("serious", "critical")
    ]  # fmt: skip


def untranslated(page: Page, own_words: Sequence[str]) -> list[str]:
    """Chinese on an English page beside what people wrote themselves; a long title may be set in several parts."""
    left = []
    for text in page.evaluate(READ):
        for own in own_words:
            text = text.replace(own, "")
        left += CHINESE.findall(text)
    return [words for words in left if not any(len(words) > 2 and words in own for own in own_words)]
