"""Running a coroutine to its end, also where a browser's driver keeps an event loop in this thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_aside(coroutine):
    """What the coroutine answers, run in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
