// What every Node client of `cargo xtask telegram-clients` needs: the people (the fake's second port), the steps
// and how they are told. A line of JSON tells each step: what it is about, and what went wrong.
"use strict";

const PATIENCE = 20_000;

class Scene {
  constructor() {
    this.api = process.env.API;
    this.heard = [];
    this.waiting = [];
  }

  /** Asks the people, or the world, to do something. */
  async ask(verb, given) {
    const answer = await fetch(`${process.env.CONTROL}/${verb}`, {
      method: "POST",
      body: JSON.stringify(given ?? {}),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error);
    return told;
  }

  /** An update came to a handler of the client. */
  hear(kind, update) {
    this.heard.push([kind, update]);
    for (const look of this.waiting.splice(0)) look();
  }

  /** Waits for an update that no one waited for yet. */
  async until(kind, fits = () => true) {
    for (;;) {
      const at = this.heard.findIndex(([heard, update]) => heard === kind && fits(update));
      if (at >= 0) return this.heard.splice(at, 1)[0][1];
      await new Promise((resolve) => this.waiting.push(resolve));
    }
  }

  /** Does something, and tells how it went. Nothing comes back where it failed. */
  async step(about, doing, right = () => true) {
    try {
      const result = await soon(doing());
      if (!right(result)) throw new Error(`not as it should be: ${JSON.stringify(result)}`);
      tell(about);
      return result;
    } catch (error) {
      tell(about, error);
      return undefined;
    }
  }

  /** Waits for an update, and tells. */
  update(kind, fits) {
    return this.step(`update ${kind}`, () => this.until(kind, fits));
  }

  /** Does something that the server must refuse, and sees that the client knows why. */
  async refused(about, doing, right) {
    try {
      await soon(doing());
    } catch (error) {
      return tell(about, right(error) ? undefined : error);
    }
    return tell(about, "it was not refused");
  }

  /** Tells what of all that was called does not fit the Bot API's description. */
  async described() {
    const wrong = await this.ask("violations");
    tell("the description", wrong.length > 0 ? wrong.join("; ") : undefined);
  }
}

async function soon(doing) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it never came")), PATIENCE);
  });
  try {
    return await Promise.race([doing, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tell(about, error) {
  const line = { about };
  if (error !== undefined) line.error = String(error);
  console.log(JSON.stringify(line));
}

module.exports = { Scene };
