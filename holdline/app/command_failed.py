"""The error that ends the program with sentences that a person can act on."""


class CommandFailed(Exception):
    """`code` is the exit code: 1 a check failed, 2 the call, the configuration or its environment is wrong.

    `sentences` are printed one in a line; only a configuration may have several mistakes at once.
    """

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentences: tuple[str, ...] = (sentence,)
