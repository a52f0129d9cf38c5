//! Repeated measurements of one thing, and how they are told.

use std::fmt::{self, Display};

/// Measurements of one thing, of one round each. Shown as the median with the least and the most.
#[derive(Debug, Clone, Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Adds a round's.
    pub fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The middle one; of two middle ones the upper. Not a number without measurements.
    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Of each round how many times as much as `ours`.
    pub fn over(&self, ours: &Figures) -> Figures {
        let pairs = self.0.iter().zip(&ours.0);
        Figures(pairs.map(|(theirs, ours)| theirs / ours).collect())
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

impl Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted = self.sorted();
        match &sorted[..] {
            _ if self.median().is_nan() => write!(out, "-"),
            [least, .., most] => {
                let median = short(self.median());
                write!(out, "{median} ({} to {})", short(*least), short(*most))
            }
            _ => write!(out, "{}", short(self.median())),
        }
    }
}

/// Three digits that count; `-` where there is no figure.
pub fn short(figure: f64) -> String {
    if figure.is_nan() {
        return "-".to_owned();
    }
    let digits = match figure.abs() {
        0.0 => 0,
        x if x < 0.1 => 3,
        x if x < 10.0 => 2,
        x if x < 100.0 => 1,
        _ => 0,
    };
    format!("{figure:.digits$}")
}

/// The head of a table as the README has them.
pub fn head(columns: &[&str]) {
    row(columns);
    println!("|{}", " --- |".repeat(columns.len()));
}

/// A row of such a table.
pub fn row(cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    println!("| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_by_their_middle_and_their_ends() {
        let figures = Figures(vec![30.0, 1.0, 2.5]);
        assert_eq!(figures.to_string(), "2.50 (1.00 to 30.0)");
        assert_eq!(Figures(vec![1_234.5]).to_string(), "1234");
        assert_eq!(Figures::default().to_string(), "-");
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let theirs = Figures(vec![2.0, 40.0, 6.0]);
        let ours = Figures(vec![1.0, 10.0, 2.0]);
        assert_eq!(theirs.over(&ours).to_string(), "3.00 (2.00 to 4.00)");
    }
}
