// Loaded before the first paint, so that a chosen theme never flashes. Everything else is in ui.js.
try {
  const asked = new URLSearchParams(location.search).get("theme");
  const theme = asked === "dark" || asked === "light" ? asked : localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the system's setting decides */ }
