"""The rules of readiness: each turns a picture into findings, one file per concern. Pure."""
