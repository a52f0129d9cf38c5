//! Electronic books: the chapters in reading order, each a page of HTML.

use std::collections::{HashMap, HashSet};

use domain::document::{ReadFailure, ReadNote};

use crate::blocks::Builder;
use crate::format::Progress;
use crate::formats::html;
use crate::limits;
use crate::package::{Package, resolved};
use crate::xml::{self, Node};

/// Reads a book.
pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    if package.has("META-INF/encryption.xml") && package.has("META-INF/rights.xml") {
        return Err(ReadFailure::Encrypted);
    }
    let container = package.part("META-INF/container.xml")?;
    let mut book = String::new();
    xml::walk(&container.ok_or(ReadFailure::Damaged)?, |node| {
        if let Node::Open(element) = node
            && element.name == "rootfile"
            && book.is_empty()
        {
            book = element.attribute("full-path").unwrap_or_default();
        }
        Ok(())
    })?;
    let description = package.part(&book)?.ok_or(ReadFailure::Damaged)?;
    let title = xml::text_of(&description, "title")?;
    let folder = book.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Who wrote it and what it is about stands in no chapter.
    for name in ["creator", "description"] {
        if let Some(text) = xml::text_of(&description, name)? {
            builder.paragraph(&text);
        }
    }
    let chapters = chapters(&description)?;
    let total = u32::try_from(chapters.len()).unwrap_or(u32::MAX);
    let mut read = HashSet::new();
    for (number, chapter) in (1..).zip(&chapters) {
        // A chapter that the spine names again is not read again.
        if !read.insert(chapter) {
            continue;
        }
        progress(number - 1, total);
        if builder.is_full() {
            break;
        }
        match package.part(&resolved(folder, chapter))? {
            Some(page) => html::read(&page, builder),
            None => builder.note(ReadNote::SomeTextUnreadable),
        }
    }
    // A page's title is the chapter's; and it says its encoding itself.
    builder.title = title;
    builder.report.encoding = None;
    builder.report.pages = total;
    progress(total, total);
    Ok(())
}

/// The addresses of the chapters by the spine (EPUB 3.3, 5.7).
fn chapters(description: &[u8]) -> Result<Vec<String>, ReadFailure> {
    let mut items: HashMap<String, String> = HashMap::new();
    let mut spine = Vec::new();
    xml::walk(description, |node| {
        if let Node::Open(element) = node {
            let value = |name: &str| element.attribute(name).unwrap_or_default();
            match element.name {
                "item" if value("media-type").contains("html") => {
                    items.insert(value("id"), value("href"));
                }
                "itemref" if spine.len() < limits::ENTRIES => spine.push(value("idref")),
                _ => {}
            }
        }
        Ok(())
    })?;
    let address = |id: &String| items.get(id).map(|address| without_escapes(address));
    Ok(spine.iter().filter_map(address).collect())
}

/// An address as a name in the package: without a fragment, `%20` as a space.
fn without_escapes(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
