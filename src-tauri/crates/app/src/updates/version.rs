//! Versions: three numbers, compared one after the other.

use std::fmt;
use std::str::FromStr;

/// The most digits that a number of a version has.
const MOST_DIGITS: usize = 6;

/// A version of the program: `1.4.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Grows with what is no longer as it was.
    pub major: u32,
    /// Grows with what is new.
    pub minor: u32,
    /// Grows with what is put right.
    pub patch: u32,
}

/// A text that is not a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a version of three numbers")]
pub struct NoVersion;

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Version, NoVersion> {
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_plain = text == "0" || !text.starts_with('0');
            match is_number && is_plain && text.len() <= MOST_DIGITS {
                true => text.parse().map_err(|_| NoVersion),
                false => Err(NoVersion),
            }
        };
        let parts: Vec<&str> = text.split('.').collect();
        let [major, minor, patch] = parts[..] else {
            return Err(NoVersion);
        };
        Ok(Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers_and_nothing_else_is_one() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("0.10.0") > version("0.9.9"));
        assert!(version("1.0.0") > version("0.99.99"));
        assert_eq!(version("12.0.3").to_string(), "12.0.3");
        for odd in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.x",
            "v1.2.3",
            "1.2.3-rc1",
            "01.2.3",
            "1..3",
            " 1.2.3",
            "1.2.+3",
            "1.2.9999999",
            "../1.2.3",
        ] {
            assert_eq!(odd.parse::<Version>(), Err(NoVersion), "{odd}");
        }
    }
}
