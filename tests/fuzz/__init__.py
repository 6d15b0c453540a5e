"""Readers of what strangers send, fed with anything: by hypothesis in every run of the tests, by atheris in `make fuzz`."""
