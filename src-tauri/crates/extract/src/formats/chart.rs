//! Charts of Office: the values that they were drawn from, as a table (ECMA-376 part 1, 21.2).

use domain::document::ReadFailure;

use crate::blocks::Builder;
use crate::limits::Room;
use crate::package::{Package, relations};
use crate::table::{self, Header};
use crate::xml::{self, Node};

/// Adds the charts that a part shows.
pub(crate) fn add_of(
    package: &mut Package<'_>,
    part: &str,
    builder: &mut Builder,
) -> Result<(), ReadFailure> {
    let charts = relations(package, part)?.into_iter();
    let charts = charts.filter(|relation| relation.kind == "chart");
    for chart in charts.take(CHARTS) {
        if let Some(chart) = package.part(&chart.target)? {
            add(&chart, builder)?;
        }
    }
    Ok(())
}

/// Most charts of one part.
const CHARTS: usize = 100;

#[derive(Default)]
struct Chart {
    title: String,
    categories: Vec<String>,
    series: Vec<Series>,
}

#[derive(Default)]
struct Series {
    name: String,
    values: Vec<String>,
}

/// What the text at hand is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Elsewhere,
    Title,
    Name,
    Category,
    Value,
}

fn add(part: &[u8], builder: &mut Builder) -> Result<(), ReadFailure> {
    let mut chart = Chart::default();
    let mut place = Place::Elsewhere;
    let mut in_text = false;
    let mut room = Room::for_cells();
    xml::walk(part, |node| {
        match node {
            Node::Open(element) => match element.name {
                "title" if chart.series.is_empty() => place = Place::Title,
                "ser" => chart.series.push(Series::default()),
                "tx" if place == Place::Elsewhere && !chart.series.is_empty() => {
                    place = Place::Name
                }
                "cat" | "xVal" if chart.series.len() == 1 => place = Place::Category,
                "val" | "yVal" => place = Place::Value,
                "v" | "t" => {
                    in_text = true;
                    match (place, chart.series.last_mut()) {
                        (Place::Category, _) => chart.categories.push(String::new()),
                        (Place::Value, Some(series)) => series.values.push(String::new()),
                        _ => {}
                    }
                }
                _ => {}
            },
            Node::Close(name) => match name {
                // The text of a title stands in a `tx` of its own.
                "tx" if place == Place::Title => {}
                "title" | "tx" | "cat" | "xVal" | "val" | "yVal" => place = Place::Elsewhere,
                "v" | "t" => in_text = false,
                _ => {}
            },
            Node::Text(text) if in_text && room.take(text) => {
                let target = match (place, chart.series.last_mut()) {
                    (Place::Title, _) => Some(&mut chart.title),
                    (Place::Name, Some(series)) => Some(&mut series.name),
                    (Place::Category, _) => chart.categories.last_mut(),
                    (Place::Value, Some(series)) => series.values.last_mut(),
                    _ => None,
                };
                if let Some(target) = target {
                    target.push_str(text);
                }
            }
            Node::Text(_) => {}
        }
        Ok(())
    })?;
    builder.paragraph(&chart.title);
    let names = chart.series.iter().map(|series| series.name.clone());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(names).collect()];
    for (number, category) in chart.categories.iter().enumerate() {
        let values = chart.series.iter();
        let values = values.map(|series| series.values.get(number).cloned().unwrap_or_default());
        rows.push(std::iter::once(category.clone()).chain(values).collect());
    }
    if rows.len() > 1 {
        table::add(builder, None, rows, Header::Rows(1));
    }
    Ok(())
}
