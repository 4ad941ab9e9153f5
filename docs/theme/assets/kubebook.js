// The language links: they follow instant navigation, which leaves the header as it is, and
// take the reader to the same anchor.

document$.subscribe(() => {
  for (const link of document.querySelectorAll(".kb-language a")) {
    const page = document.head.querySelector(`link[hreflang="${link.hreflang}"]`)
    if (page) link.href = new URL(page.href).pathname
  }
})

document.addEventListener("click", event => {
  const link = event.target instanceof Element && event.target.closest(".kb-language a")
  if (link) link.hash = location.hash
}, true)

// What Material leaves out for the keyboard and for screen readers.

const BUTTONS = ".md-header__button[for=__drawer], .md-nav__container > label, " +
  ".md-nav__link[for=__toc], .md-nav--primary .md-nav > .md-nav__title"

const frames = new ResizeObserver(changes => {
  for (const { target } of changes) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1
})

document$.subscribe(() => {
  // Labels that work as buttons: Material lets Enter press them, once they are reached
  for (const label of document.querySelectorAll(BUTTONS)) {
    const named = label.closest(".md-nav__container") || label
    label.role = "button"
    label.tabIndex = 0
    label.ariaLabel = named.textContent.trim() || document.querySelector(".md-nav--primary").ariaLabel
  }
  // What is too wide for the page scrolls in a frame of its own
  for (const frame of document.querySelectorAll(".md-typeset__scrollwrap, .kb-chart")) {
    frames.observe(frame)
  }
})

document.addEventListener("keydown", event => {
  const drawer = document.querySelector("#__drawer")
  if (event.key === " " && event.target.matches(BUTTONS)) {
    event.preventDefault()
    event.target.click()
  }
  if (event.key === "Escape" && drawer.checked) {
    drawer.click()
    document.querySelector(".md-header__button[for=__drawer]").focus()
  }
})
