//! Which of a table's first rows are titles above it, and which name its columns.

/// What stands above the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Top {
    /// Rows that are titles, dates and addresses over the table.
    pub(crate) titles: usize,
    /// Rows that name the columns.
    pub(crate) names: usize,
}

/// Where titles may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// The first row is part of the table.
    Nothing,
    /// A sheet or a text of rows: people write above their tables.
    Titles,
}

/// Rows above a header that are looked through: letterheads are long.
const TITLES: usize = 15;

/// Finds them. The rows have no empty ones among them.
pub(crate) fn find(rows: &[Vec<String>], above: Above) -> Top {
    let usual = usual_width(rows);
    let deepest = match above {
        Above::Nothing => 0,
        Above::Titles => TITLES.min(rows.len().saturating_sub(2)),
    };
    let mut found: Option<Top> = None;
    for titles in 0..=deepest {
        let rest = rows.get(titles..).unwrap_or_default();
        let Some(names) = names_at(rest, usual) else {
            let is_title = rest.first().is_some_and(|row| is_title(row, usual));
            if found.is_some() || !is_title {
                break;
            }
            continue;
        };
        // Two cells of a letterhead look like a narrow header; the wider one below it is the true one.
        let is_wider = found.is_none_or(|found| width(&rows[found.titles]) < width(&rest[0]));
        if !is_wider {
            break;
        }
        found = Some(Top { titles, names });
        if names > 1 || width(&rest[0]) >= usual {
            break;
        }
    }
    if let Some(found) = found {
        return found;
    }
    let lone = rows.iter().take_while(|row| width(row) == 1).count();
    Top {
        titles: if above == Above::Titles && lone < rows.len() {
            lone
        } else {
            0
        },
        names: 0,
    }
}

/// The names of the columns from the rows of a header. A name over several columns belongs to each of them
/// that has a name of its own below.
pub(crate) fn join(rows: &[Vec<String>], width: usize) -> Vec<String> {
    let mut names = vec![String::new(); if rows.is_empty() { 0 } else { width }];
    for (number, row) in rows.iter().enumerate() {
        let below = rows.get(number + 1..).unwrap_or_default();
        let mut over = "";
        for (column, name) in names.iter_mut().enumerate() {
            let cell = row.get(column).map_or("", |cell| cell.trim());
            let has_own = below
                .iter()
                .any(|row| row.get(column).is_some_and(|cell| !cell.trim().is_empty()));
            if !cell.is_empty() {
                over = cell;
            } else if !has_own {
                continue;
            }
            if over.is_empty() || name == over {
                continue;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(over);
        }
    }
    names
}

/// A number, price, percentage, date or time: has digits and hardly any letters.
pub(crate) fn is_value(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let letters = cell
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    digits > 0 && letters <= 3 && letters <= digits
}

/// Filled cells of a row. A row that says the same in all of them is one cell over all columns.
pub(crate) fn width(row: &[String]) -> usize {
    let mut filled = row.iter().map(|cell| cell.trim());
    let Some(first) = filled.find(|cell| !cell.is_empty()) else {
        return 0;
    };
    let more = filled.filter(|cell| !cell.is_empty());
    let (mut count, mut alike) = (1, true);
    for cell in more {
        count += 1;
        alike &= cell == first;
    }
    if alike { 1 } else { count }
}

/// How many of the first rows name the columns.
fn names_at(rows: &[Vec<String>], usual: usize) -> Option<usize> {
    match rows {
        [upper, lower, _, ..] if are_two_levels(upper, lower, usual) => Some(2),
        [first, rest @ ..] if is_header(first, rest, usual) => Some(1),
        _ => None,
    }
}

/// A row of names over rows of something: hardly an empty one, no two alike, none of them a number or a date.
fn is_header(first: &[String], rest: &[Vec<String>], usual: usize) -> bool {
    let names: Vec<(usize, &str)> = filled(first).collect();
    if rest.is_empty() || names.len() < 2 || !are_enough(names.len(), usual) {
        return false;
    }
    let alike = (1..names.len()).any(|at| names[..at].iter().any(|name| name.1 == names[at].1));
    // `Supplier: | Daisy Ltd` is a pair, not two names.
    let is_pair = names[0].1.ends_with(':');
    let is_name = |(column, name): &(usize, &str)| {
        is_name(name) || *column > 0 && is_year(name) && !column_has(rest, *column, is_year)
    };
    let is_like_below = names.iter().any(|(column, name)| {
        let has_digit = |cell: &str| cell.chars().any(|character| character.is_ascii_digit());
        has_digit(name) && !is_year(name) && column_has(rest, *column, has_digit)
    });
    !alike && !is_pair && !is_like_below && names.iter().all(is_name)
}

/// Names of groups over names of columns: the lower row fills only what the upper one spans.
fn are_two_levels(upper: &[String], lower: &[String], usual: usize) -> bool {
    let cell = |row: &[String], column: usize| {
        let cell = row.get(column).map(|cell| cell.trim());
        cell.unwrap_or_default().to_owned()
    };
    if width(upper) < 2
        || filled(upper)
            .next()
            .is_none_or(|(_, name)| name.ends_with(':'))
    {
        return false;
    }
    let mut adds = false;
    for (column, name) in filled(lower) {
        let above = cell(upper, column);
        let beside = |other: Option<usize>| {
            other.is_some_and(|other| {
                let also = cell(upper, other);
                (also.is_empty() || also == above) && !cell(lower, other).is_empty()
            })
        };
        let is_under_group = match above.is_empty() {
            true => upper[..column.min(upper.len())]
                .iter()
                .any(|cell| !cell.trim().is_empty()),
            false => {
                let before = column.checked_sub(1);
                let is_spread = beside(Some(column + 1))
                    || before.is_some_and(|before| cell(upper, before) == above);
                is_spread || above == name
            }
        };
        if !is_name(name) || !is_under_group {
            return false;
        }
        adds |= above != name;
    }
    let names = join(
        &[upper.to_vec(), lower.to_vec()],
        upper.len().max(lower.len()),
    );
    let names: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    let alike = (1..names.len()).any(|at| names[..at].contains(&names[at]));
    adds && !alike
        && are_enough(names.len(), usual)
        && filled(upper).all(|(_, name)| is_name(name) || is_year(name))
}

fn are_enough(names: usize, usual: usize) -> bool {
    names + 1 >= usual || names * 4 >= usual * 3
}

fn is_title(row: &[String], usual: usize) -> bool {
    let width = width(row);
    width <= 2 || width * 2 <= usual
}

fn is_name(cell: &str) -> bool {
    let says = |character: char| character.is_alphanumeric() || "№#%".contains(character);
    cell.chars().count() <= 80 && !is_value(cell) && cell.chars().any(says)
}

fn is_year(cell: &str) -> bool {
    cell.len() == 4
        && cell
            .parse()
            .is_ok_and(|year: u32| (1990..=2100).contains(&year))
}

/// True when most filled cells of a column are so.
fn column_has(rows: &[Vec<String>], column: usize, so: impl Fn(&str) -> bool) -> bool {
    let cells = rows.iter().take(50).filter_map(|row| row.get(column));
    let cells: Vec<&str> = cells
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    cells.iter().filter(|cell| so(cell)).count() * 2 > cells.len()
}

fn filled(row: &[String]) -> impl Iterator<Item = (usize, &str)> {
    row.iter()
        .map(|cell| cell.trim())
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
}

/// How many cells most rows have that have more than one.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().take(1_000) {
        let width = width(row);
        if width >= 2 {
            *counts.entry(width).or_insert(0_usize) += 1;
        }
    }
    // Of two widths as frequent as each other the larger one.
    let usual = counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width));
    usual.map_or(1, |(width, _)| width)
}

#[cfg(test)]
mod tests {
    use super::{Above, Top, find, join};

    fn rows(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split(';').map(|cell| cell.trim().to_owned()).collect();
        text.lines().map(row).collect()
    }

    fn check(text: &str, titles: usize, names: usize) {
        assert_eq!(
            find(&rows(text), Above::Titles),
            Top { titles, names },
            "{text}"
        );
    }

    #[test]
    fn names_over_values_are_a_header() {
        check("Name;Price\nTea;120 ₽", 0, 1);
        check(";Mon;Tue\nOpen;9:00;10:00", 0, 1);
        check("Indicator;2025;2026\nSales;5;7", 0, 1);
        check("City;Address\nKazan;Green street\nMoscow;Long street", 0, 1);
    }

    #[test]
    fn values_repeated_names_pairs_and_lone_rows_are_not() {
        check("Tea;120\nCoffee;150", 0, 0);
        check("a;b;a\n1;2;3", 0, 0);
        check("Name;Price", 0, 0);
        check("Supplier:;Daisy Ltd\nDate:;01.11.2026", 0, 0);
        check("Delivery;in 2 days\nRepair;in 14 days", 0, 0);
    }

    #[test]
    fn titles_stand_above_the_header() {
        check("Price list;;\nTea;120;x", 1, 0);
        check("Прайс-лист\nна 01.11.2026\n№;Товар;Цена\n1;Чай;120", 2, 1);
        check(
            "Прайс;от 01.11\nТовар;Код;Цена\nЧай;7;120\nКофе;8;150",
            1,
            1,
        );
        check("A;A;A\nТовар;Код;Цена\nЧай;7;120", 1, 1);
    }

    #[test]
    fn a_header_may_have_two_levels() {
        let text = "Товар;Артикул;Цена;;Остаток\n;;розн.;опт.;\nЧай;7;120;100;5\nКофе;8;150;130;4";
        check(text, 0, 2);
        let names = ["Товар", "Артикул", "Цена розн.", "Цена опт.", "Остаток"];
        assert_eq!(join(&rows(text)[..2], 5), names);
        let merged = "Товар;Цена;Цена\nТовар;розн.;опт.\nЧай;120;100";
        check(merged, 0, 2);
        assert_eq!(
            join(&rows(merged)[..2], 3),
            ["Товар", "Цена розн.", "Цена опт."]
        );
    }
}
