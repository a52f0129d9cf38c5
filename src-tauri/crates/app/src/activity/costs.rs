//! What engines cost, from what they used up and the prices that their owner entered. Pure.

use std::collections::BTreeMap;

use domain::id::AssistantId;
use domain::money::{Cost, Price};
use store::usage::UsageDay;

/// How the names of engines begin that lie on a server, which may cost money. All others cost nothing.
const ON_A_SERVER: &str = "remote:";

/// Prices by the engine's name.
pub(crate) type Prices = BTreeMap<String, Price>;

/// What an engine used up in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineDay {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// Which engine.
    pub engine: String,
    /// How many answers.
    pub answers: u64,
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub answer_tokens: u64,
    /// What that cost, in millionths of the currency's unit; nothing where no price is known.
    pub cost_micros: Option<u64>,
}

/// What an assistant cost in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistantDay {
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// Which assistant; nothing for what was counted before they were told apart.
    pub assistant_id: Option<AssistantId>,
    /// In millionths of the currency's unit; not zero.
    pub cost_micros: u64,
}

/// Days of engines, the oldest first. Without `prices` nobody is told of money.
pub(crate) fn by_engine(rows: &[UsageDay], prices: Option<&Prices>) -> Vec<EngineDay> {
    let mut days: Vec<EngineDay> = Vec::new();
    for row in rows {
        let is_same = |day: &&mut EngineDay| day.day == row.day && day.engine == row.engine;
        match days.last_mut().filter(is_same) {
            Some(day) => {
                day.answers += row.answers;
                day.prompt_tokens += row.prompt_tokens;
                day.answer_tokens += row.answer_tokens;
            }
            None => days.push(EngineDay {
                day: row.day,
                engine: row.engine.clone(),
                answers: row.answers,
                prompt_tokens: row.prompt_tokens,
                answer_tokens: row.answer_tokens,
                cost_micros: None,
            }),
        }
    }
    let Some(prices) = prices else {
        return days;
    };
    for day in &mut days {
        let cost = cost_of(prices, &day.engine, day.prompt_tokens, day.answer_tokens);
        day.cost_micros = cost.map(Cost::micros);
    }
    days
}

/// Days of assistants that cost something, the oldest first.
pub(crate) fn by_assistant(rows: &[UsageDay], prices: &Prices) -> Vec<AssistantDay> {
    let mut days: BTreeMap<(i64, Option<AssistantId>), Cost> = BTreeMap::new();
    for row in rows {
        let cost = cost_of(prices, &row.engine, row.prompt_tokens, row.answer_tokens);
        *days.entry((row.day, row.assistant_id)).or_default() += cost.unwrap_or_default();
    }
    let told = days
        .into_iter()
        .map(|((day, assistant_id), cost)| AssistantDay {
            day,
            assistant_id,
            cost_micros: cost.micros(),
        });
    told.filter(|day| day.cost_micros > 0).collect()
}

fn cost_of(prices: &Prices, engine: &str, read: u64, written: u64) -> Option<Cost> {
    match prices.get(engine) {
        Some(price) => Some(price.of(read, written)),
        None => (!engine.starts_with(ON_A_SERVER)).then(Cost::default),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn row(day: i64, engine: &str, assistant: u128, read: u64) -> UsageDay {
        UsageDay {
            day,
            engine: engine.to_owned(),
            assistant_id: Some(AssistantId(Uuid::from_u128(assistant))),
            answers: 1,
            prompt_tokens: read,
            answer_tokens: 0,
        }
    }

    fn prices() -> Prices {
        let price = Price {
            read_micros: 150_000,
            written_micros: 600_000,
        };
        Prices::from([("remote:m".to_owned(), price)])
    }

    #[test]
    fn an_engine_costs_what_its_tokens_cost_and_without_a_price_nobody_knows() {
        let rows = [
            row(1, "quotes", 1, 0),
            row(1, "remote:m", 1, 1_000_000),
            row(1, "remote:m", 2, 3),
            row(1, "remote:other", 1, 1_000),
            row(2, "local:m", 1, 1_000),
            row(2, "remote:m", 1, 4),
        ];
        let days = by_engine(&rows, Some(&prices()));
        let told: Vec<_> = days
            .iter()
            .map(|day| {
                (
                    day.day,
                    day.engine.as_str(),
                    day.prompt_tokens,
                    day.cost_micros,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (1, "quotes", 0, Some(0)),
                (1, "remote:m", 1_000_003, Some(150_000)),
                (1, "remote:other", 1_000, None),
                (2, "local:m", 1_000, Some(0)),
                (2, "remote:m", 4, Some(1)),
            ]
        );
        assert!(
            by_engine(&rows, None)
                .iter()
                .all(|day| day.cost_micros.is_none())
        );
    }

    #[test]
    fn an_assistant_costs_what_all_its_engines_cost_and_small_things_are_not_lost() {
        let rows = [
            row(1, "quotes", 2, 0),
            row(1, "remote:m", 1, 3),
            row(1, "remote:n", 1, 3),
            row(2, "remote:m", 2, 2_000_000),
        ];
        let mut both = prices();
        let price = both["remote:m"];
        both.insert("remote:n".to_owned(), price);
        let days = by_assistant(&rows, &both);
        let told: Vec<_> = days
            .iter()
            .map(|day| (day.day, day.assistant_id, day.cost_micros))
            .collect();
        let id = |number| Some(AssistantId(Uuid::from_u128(number)));
        assert_eq!(told, [(1, id(1), 1), (2, id(2), 300_000)]);
    }
}
