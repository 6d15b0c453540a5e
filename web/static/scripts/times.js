// Times go on, in the zone of whoever reads. They are written as the page writes them, so that nothing moves.

// What a browser cannot write is English, as on the page.
const [language = "en-GB"] = document.documentElement.lang === "en" ? [] : Intl.DateTimeFormat.supportedLocalesOf(document.documentElement.lang);
const hours = { hour: "2-digit", minute: "2-digit" };

// To make one takes longer than to write with it, and a page has dozens of times.
const [fullDate, fullTime] = [{ dateStyle: "full" }, hours].map((how) => new Intl.DateTimeFormat(language, how));

function ago(date) {
  const minutes = Math.floor((Date.now() - date) / 60000);
  if (minutes < 0) return null;
  if (minutes < 1) return words.now;
  if (minutes < 60) return words.minutes.replace("{n}", minutes);
  if (minutes < 1440) return words.hours.replace("{n}", Math.floor(minutes / 60));
  return null; // a day changes slowly: what the server said stays true
}

/** `23:40` today, `yesterday 23:40`, `Mon 23:40` a few days before or after, else `3 Nov 23:40`. */
function clock(date) {
  const time = fullTime.format(date);
  if (new Date().toDateString() === date.toDateString()) return time;
  if (new Date(Date.now() - 864e5).toDateString() === date.toDateString()) {
    const yesterday = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-1, "day");
    return `${yesterday} ${time}`;
  }
  const day = Math.abs(Date.now() - date) < 6 * 864e5 ? { weekday: "short" } : { day: "numeric", month: "short" };
  return `${date.toLocaleDateString(language, day)} ${time}`;
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    if (!time.dataset.local) {
      time.dataset.local = "1";
      const full = `${fullDate.format(date)}, ${fullTime.format(date)}`;
      if (time.closest(".facts, .versions")) time.textContent = full;
      else if (time.className === "clock") time.textContent = clock(date);
      else time.title = full;
    }
    if (time.closest(".facts, .versions, .clock")) continue;
    const text = ago(date);
    if (text && time.textContent !== text) time.textContent = text;
  }
}
tick();
setInterval(() => document.hidden || tick(), 60000);
