"""Prints what becomes of each parameter, and the test that shows it, from the page and the probes."""

from test_parameters import APIS, shown_by


def main() -> None:
    for label, api in APIS.items():
        print(f"\n{api.path}")
        for name, words in api.rows.items():
            tests = shown_by(name, words, label)
            for test in dict.fromkeys(tests.values()):
                shown = ", ".join(word for word in tests if tests[word] == test)
                print(f"{name:24} {shown:28} {test}")


if __name__ == "__main__":
    main()
