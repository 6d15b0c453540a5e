"""Translates public posts by a service that the community chose, for people who ask for it.

What is said to whom: the words of one public or unlisted post, to the service of the setting `translation_service`,
through the door. Nothing about its author or its reader is said.
"""
