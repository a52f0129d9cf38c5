//! What stands on a page: glyphs with their letters and places, and whether there are pictures.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro_syntax::page::Page;

/// Glyphs smaller than this, in points, nobody can read.
const SMALLEST: f64 = 1.0;
/// Most glyphs of a page that are kept.
const GLYPHS: usize = 500_000;

/// The content of one page, as far as it concerns its text.
#[derive(Default)]
pub(crate) struct Content {
    /// Width and height of the page as it is shown, in points.
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Glyphs in the order they are painted.
    pub(crate) marks: Vec<Mark>,
    /// Number of pictures.
    pub(crate) images: u32,
    /// Number of painted paths.
    pub(crate) paths: u32,
    /// Glyphs without letters.
    pub(crate) unreadable: u32,
    /// Text that is painted invisibly, outside the page or too small to be read.
    pub(crate) hidden: u32,
}

/// One glyph. Places are in points; `y` grows downwards.
pub(crate) struct Mark {
    pub(crate) text: BfString,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// How far it advances along its own direction.
    pub(crate) advance: f64,
    /// Font size as shown.
    pub(crate) size: f64,
    pub(crate) direction: Direction,
    pub(crate) bold: bool,
    /// Painted with no ink, as the text layer over a scanned page is.
    pub(crate) invisible: bool,
}

/// Where a line of text runs to, on the page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Right,
    Down,
    Left,
    Up,
}

/// Interprets a page.
pub(crate) fn collect<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>) -> Content {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let start = page.initial_transform(true).to_kurbo();
    let area = Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(
        start,
        area,
        cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    let mut content = Content {
        width,
        height,
        ..Content::default()
    };
    interpret_page(page, &mut context, &mut content);
    content
}

impl<'a> Device<'a> for Content {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // Filled and stroked text comes twice; stroked text is the second time, or an outline of its own.
        let invisible = matches!(mode, DrawMode::Invisible);
        let bold = run.glyphs().first().is_some_and(|glyph| is_bold(glyph));
        for glyph in run.glyphs() {
            if self.marks.len() >= GLYPHS {
                return;
            }
            let place = props.transform * glyph.transform();
            self.add(glyph, place, bold, invisible);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.images = self.images.saturating_add(1);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.paths = self.paths.saturating_add(1);
    }

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

impl Content {
    fn add(&mut self, glyph: &Glyph<'_>, place: Affine, bold: bool, invisible: bool) {
        let Some(text) = letters(glyph) else {
            self.unreadable = self.unreadable.saturating_add(1);
            return;
        };
        let origin = place * Point::ZERO;
        let along = place * Point::new(1000.0, 0.0) - origin;
        let up = place * Point::new(0.0, 1000.0) - origin;
        let size = up.hypot();
        let finite = origin.x.is_finite() && origin.y.is_finite() && size.is_finite();
        let inside = (-2.0..=self.width + 2.0).contains(&origin.x)
            && (-2.0..=self.height + 2.0).contains(&origin.y);
        if !finite || !inside || size < SMALLEST {
            self.hidden = self.hidden.saturating_add(1);
            return;
        }
        let units = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width(),
            Glyph::Type3(glyph) => glyph.advance_width(),
        };
        let units = units.map_or(500.0, f64::from).clamp(0.0, 4000.0);
        let direction = match (
            along.x.abs() >= along.y.abs(),
            along.x >= 0.0,
            along.y >= 0.0,
        ) {
            (true, true, _) => Direction::Right,
            (true, false, _) => Direction::Left,
            (false, _, true) => Direction::Down,
            (false, _, false) => Direction::Up,
        };
        let advance = along.hypot() * units / 1000.0;
        self.marks.push(Mark {
            text,
            x: origin.x,
            y: origin.y,
            advance,
            size,
            direction,
            bold,
            invisible,
        });
    }
}

/// The letters of a glyph; `None` when it has none or only private ones.
fn letters(glyph: &Glyph<'_>) -> Option<BfString> {
    let text = glyph.as_unicode()?;
    let private = |character: char| matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{f0000}'..='\u{10ffff}');
    match &text {
        // Symbol fonts put their bullet here.
        BfString::Char('\u{f0b7}' | '\u{f0a7}' | '\u{f06e}' | '\u{f076}') => {
            Some(BfString::Char('•'))
        }
        BfString::Char('\0') => None,
        BfString::Char(character) if private(*character) => None,
        BfString::String(string) if string.chars().all(private) => None,
        _ => Some(text),
    }
}

fn is_bold(glyph: &Glyph<'_>) -> bool {
    let Glyph::Outline(glyph) = glyph else {
        return false;
    };
    let Some(font) = glyph.font_data() else {
        return false;
    };
    let named = font.postscript_name.as_deref().is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("bold") || name.contains("black") || name.contains("heavy")
    });
    named || font.weight.is_some_and(|weight| weight >= 600)
}
