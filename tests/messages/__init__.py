"""`make messages`: the sentences of the code, put into the catalogs of node/locales."""
