"""Models that come to this machine, as the shell shows them: a bar on a terminal, else a line a tenth."""

from quickstudy.figures import size
from quickstudy.shell.terminal import err, say
from quickstudy.wire import Fetching


class Downloads:
    """Shows how far the model is that comes now. Close it, so that the terminal is left as it was found."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=err(), transient=True) if err().is_terminal else None
        self._title = ""
        """Of the model that the bar is about."""
        self._line: tuple[str, str, int] | None = None
        """What the last line was about: a model, a phase and a tenth."""
        if self._bar:
            self._bar.start()

    def show(self, message: Fetching) -> None:
        if self._bar is None:
            self._show_tenth(message)
            return
        if message.title != self._title:
            self._title = message.title
            for task in self._bar.task_ids:
                self._bar.remove_task(task)
            self._bar.add_task("")
        (task,) = self._bar.task_ids
        self._bar.update(task, description=message.phase, completed=message.done, total=message.total)

    def _show_tenth(self, message: Fetching) -> None:
        line = (message.title, message.phase, 10 * message.done // message.total)
        if line != self._line:
            self._line = line
            say(err(), f"{message.phase}: {size(message.done)} of {size(message.total)}")

    def close(self) -> None:
        if self._bar:
            self._bar.stop()
