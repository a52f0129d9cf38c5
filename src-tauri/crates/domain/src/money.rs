//! Money that engines cost: a currency, prices of tokens, and what tokens come to, in whole numbers.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Tokens that a price is for.
const MILLION: u128 = 1_000_000;
/// The highest price, in millionths of the currency's unit for a million tokens.
pub const MOST_MICROS: u64 = 1_000_000_000_000;

/// A currency by its three letters (ISO 4217), as `EUR`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

impl Currency {
    /// Its three letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no currency's three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters, as EUR")]
pub struct NoCurrency;

impl FromStr for Currency {
    type Err = NoCurrency;

    fn from_str(text: &str) -> Result<Currency, NoCurrency> {
        let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        match is_code {
            true => Ok(Currency(text.to_owned())),
            false => Err(NoCurrency),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = NoCurrency;

    fn try_from(text: String) -> Result<Currency, NoCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.0
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What something costs, exactly: in millionths of a millionth of the currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost(u128);

impl Cost {
    /// In millionths of the currency's unit; half a millionth counts as one.
    pub fn micros(self) -> u64 {
        u64::try_from((self.0 + MILLION / 2) / MILLION).unwrap_or(u64::MAX)
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.0 += other.0;
    }
}

/// What a million tokens cost, in millionths of the currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Tokens that the engine reads.
    pub read_micros: u64,
    /// Tokens that it writes.
    pub written_micros: u64,
}

impl Price {
    /// What so many tokens cost.
    pub fn of(self, read: u64, written: u64) -> Cost {
        let part = |tokens: u64, micros: u64| u128::from(tokens) * u128::from(micros);
        Cost(part(read, self.read_micros) + part(written, self.written_micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_to_whole_millionths_and_nothing_drifts() {
        let price = Price {
            read_micros: 150_000,
            written_micros: 600_000,
        };
        let micros = |read, written| price.of(read, written).micros();
        assert_eq!(micros(1_000_000, 1_000_000), 750_000);
        assert_eq!(micros(41_200, 3_800), 6_180 + 2_280);
        assert_eq!(micros(3, 0), 0, "0.45 millionths");
        assert_eq!(micros(0, 0), 0);
        let mut sum = Cost::default();
        for _ in 0..1_000_000 {
            sum += price.of(3, 0);
        }
        assert_eq!(sum.micros(), 450_000, "what is small is not lost in a sum");
        let dear = Price {
            read_micros: MOST_MICROS,
            written_micros: MOST_MICROS,
        };
        assert_eq!(dear.of(u64::MAX, u64::MAX).micros(), u64::MAX);
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!("EUR".parse::<Currency>().unwrap().as_str(), "EUR");
        for wrong in ["", "eur", "EURO", "E1R", "ЕВР", "€"] {
            assert_eq!(wrong.parse::<Currency>(), Err(NoCurrency), "{wrong}");
        }
    }
}
