// What is done once, when a page comes: the staff is greeted by the clock on its wall, and the chosen tab brought into view.

for (const one of document.querySelectorAll("[data-greetings]")) {
  const hour = new Date().getHours();
  const [welcome, height] = [one.textContent, one.offsetHeight];
  one.textContent = JSON.parse(one.dataset.greetings)[hour < 5 || hour > 17 ? 2 : hour < 12 ? 0 : 1];
  if (one.offsetHeight > height) one.textContent = welcome; // another line would push the page down
}

// The page itself stays where it is.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const [box, all] = [tab, tab.parentElement].map((one) => one.getBoundingClientRect());
  tab.parentElement.scrollLeft += box.left + box.width / 2 - all.left - all.width / 2;
}
