"""Documents for other servers, and who may read them."""
