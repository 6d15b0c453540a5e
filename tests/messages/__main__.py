"""Brings the catalogs up to date with the code, and says what is left to translate."""

import sys

from tests.messages import catalogs

LEFT = 20


def main() -> None:
    for language in catalogs.LANGUAGES:
        catalog = catalogs.update(language)
        left = catalogs.unfinished(catalog)
        print(f"{language}: {len(catalog)} sentences, {len(left)} to translate in {catalogs.path_of(language)}")
        for message in left[:LEFT]:
            print(f"  {message.id!r}")
    sys.exit(0)


if __name__ == "__main__":
    main()
