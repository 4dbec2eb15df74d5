"""What Terraform's stack runs in place of Google's provider: provider.py FOLDER '{"do": ...}'"""

import json
import sys

import control


def main(folder, question):
    values = json.loads(question)
    try:
        print(control.ask(folder, values.pop("do"), **values))
    except control.Refused as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
