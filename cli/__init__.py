"""The door for people: `holdfast ...`. No rule lives here."""
