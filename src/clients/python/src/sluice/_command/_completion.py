"""`sluice completion`: what a shell needs to complete the command."""

from __future__ import annotations

import argparse

_BASH = """_sluice() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} words=
  if ((COMP_CWORD == 1)); then words="{commands}"; else case $command in
{cases}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _sluice sluice
"""


def script(shell: str, commands: "dict[str, argparse.ArgumentParser]") -> str:
    """A script for bash or zsh, to be sourced."""
    cases = "\n".join(f'    {name}) words="{" ".join(_options(parser))}" ;;' for name, parser in commands.items())
    bash = _BASH.format(commands=" ".join(commands), cases=cases)
    return bash if shell == "bash" else "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n" + bash


def _options(parser: argparse.ArgumentParser) -> "list[str]":
    return [name for action in parser._actions for name in action.option_strings if name.startswith("--")]
