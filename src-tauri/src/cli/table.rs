//! Plain tables for the terminal.

/// Prints rows under a head; columns whose name begins with `>` are aligned to the right.
pub fn print(head: &[&str], rows: &[Vec<String>]) {
    let name = |column: usize| head[column].trim_start_matches('>');
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells.max().unwrap_or(0).max(name(column).chars().count())
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let mut line = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let width = widths[column];
            match head[column].starts_with('>') {
                true => line.push_str(&format!("{cell:>width$}  ")),
                false => line.push_str(&format!("{cell:<width$}  ")),
            }
        }
        println!("{}", line.trim_end());
    };
    line((0..head.len()).map(name).collect());
    for row in rows {
        line(
            (0..head.len())
                .map(|column| row.get(column).map_or("", String::as_str))
                .collect(),
        );
    }
}
