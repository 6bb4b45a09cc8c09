"""The looks: one question to AWS each, with the permissions it needs. No judgement here."""
