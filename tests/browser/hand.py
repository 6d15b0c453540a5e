"""How somebody works with a page: by pointing, or by keys alone."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 400
# Whether what has the focus, or the words that name it, can be seen: in the window, below nothing else, and with a ring
# around it, or around what it is a part of.
_SEEN = """() => {
  const focused = document.activeElement;
  const isRinged = (one) => one && (getComputedStyle(one).outlineStyle !== "none" || isRinged(one.parentElement));
  return isRinged(focused) && [focused, ...(focused.labels ?? [])].some((one) => [...one.getClientRects()].some((box) => {
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return one.contains(at);
  }));
}"""


class Hand:
    """`press`, `write`, `choose` and `turn` do to the first element of a locator what a person would do to it."""

    def __init__(self, page: Page, *, by_keys: bool) -> None:
        self.page = page
        self.by_keys = by_keys
        if by_keys:
            # Dialogs for files are told from now on instead of shown: asked for when one is about to come, it is too late.
            page.on("filechooser", lambda _: None)

    def press(self, target: Locator) -> None:
        if not self.by_keys:
            return target.first.click()
        self._reach(target)
        return self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """In place of what is there."""
        if not self.by_keys:
            return target.first.fill(text)
        self._reach(target)
        self.page.keyboard.press("Control+a")
        return self.page.keyboard.type(text)

    def choose(self, target: Locator) -> None:
        """One of several radio buttons: Tab leads into the group, arrows to its members."""
        if not self.by_keys:
            return target.first.check()
        group = self.page.locator(f"input[type=radio][name={target.first.get_attribute('name')}]")
        self._reach(group)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.first.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        return expect(target.first).to_be_checked()

    def turn(self, box: Locator) -> None:
        """Tick a box, or no longer."""
        if not self.by_keys:
            return box.first.click()
        self._reach(box)
        return self.page.keyboard.press("Space")

    def attach(self, field: Locator, file: Path) -> None:
        """Keys open the system's own dialog, which is not a part of the page."""
        if not self.by_keys:
            return field.set_input_files(file)
        self._reach(field)
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press("Enter")
        return opened.value.set_files(file)

    def _reach(self, target: Locator) -> None:
        """By Tab alone. WCAG 2.2, 2.4.11: what has the focus is not behind a bar that stays."""
        expect(target.first).to_be_attached()
        for _ in range(_MOST_TABS):
            if target.evaluate_all("all => all.includes(document.activeElement)"):
                self.page.wait_for_function(_SEEN)  # a page that has just come may be drawn a moment later
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")
