//! Lists in pages: by key, never by offset.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The most rows one page has.
pub const MAX_PAGE: u32 = 200;

/// Some rows of a list, and where the next ones begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// Where a page begins. Opaque: made by a page, printed and read back as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) at: i64,
    pub(crate) id: Uuid,
}

/// A text that is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct NotACursor;

impl Cursor {
    /// The beginning of a list that goes from newest to oldest.
    pub(crate) const NEWEST: Cursor = Cursor {
        at: i64::MAX,
        id: Uuid::max(),
    };
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{}", self.at, self.id.as_simple())
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_at_checked(16).ok_or(NotACursor)?;
        let at = u64::from_str_radix(at, 16).map_err(|_| NotACursor)?;
        let id = Uuid::try_parse(id).map_err(|_| NotACursor)?;
        Ok(Cursor {
            at: at.cast_signed(),
            id,
        })
    }
}

/// The limit that is used for an asked one: 1..=[`MAX_PAGE`].
pub(crate) fn bounded(limit: u32) -> u32 {
    limit.clamp(1, MAX_PAGE)
}

impl<T> Page<T> {
    /// A page out of up to `limit` + 1 rows: the row too many says that there is a next page.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = match items.last() {
            Some(last) if more => Some(cursor(last)),
            _ => None,
        };
        Page { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_from_what_it_prints() {
        for cursor in [
            Cursor::NEWEST,
            Cursor {
                at: -5,
                id: Uuid::from_u128(7),
            },
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        assert_eq!("x".parse::<Cursor>(), Err(NotACursor));
        assert_eq!("ё".repeat(24).parse::<Cursor>(), Err(NotACursor));
    }
}
