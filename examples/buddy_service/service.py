"""Skill buddies as a web service: `uvicorn service:app --port 8000` beside a people.csv."""

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, HTTPException

import matchkit as mk

app = FastAPI(title="Skill buddies")
index = mk.BuddyIndex(os.environ.get("PEOPLE", "people.csv"))


@app.get("/buddies")
async def buddies(question: str, seeker: str | None = None, k: int = 5) -> dict[str, Any]:
    """Answer with a few people, or with a hint."""
    try:
        found = await asyncio.to_thread(index.find, question, k, seeker=seeker)
    except mk.ProgramError as error:
        raise HTTPException(422, str(error)) from error
    people = [{"id": one.person, "score": one.score, "why": str(one)} for one in found]
    return {"people": people, "hint": found.hint, "nearest": found.nearest}


@app.post("/requests/{person}", status_code=204)
async def request(person: str) -> None:
    """Note that somebody was asked, so that others are asked next."""
    try:
        await asyncio.to_thread(index.record, person, when=datetime.now(UTC))
    except mk.UnknownPersonError as error:
        raise HTTPException(404, str(error)) from error
