"""Documents for people: frozen values, their words, and pages that need nothing but themselves."""
