"""How somebody works with a page: by pointing, or by keys alone."""

from playwright.sync_api import Locator, Page, expect

_MOST_TABS = 400


class Hand:
    """`press`, `write`, `choose` and `turn` do to the first element of a locator what a person would do to it."""

    def __init__(self, page: Page, *, by_keys: bool) -> None:
        self.page = page
        self.by_keys = by_keys

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

    def _reach(self, target: Locator) -> None:
        expect(target.first).to_be_attached()
        for _ in range(_MOST_TABS):
            if target.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")
