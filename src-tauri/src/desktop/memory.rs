//! What the window remembers from one start to the next: its size and place, how large its letters are, and whether
//! it has told that it stays in the tray.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The file in the data folder.
const FILE: &str = "window.json";
/// The smallest window, in logical pixels.
pub const LEAST: (f64, f64) = (360.0, 480.0);
/// How much of the window's upper edge must be on a screen, or it could not be pulled back.
const GRIP: f64 = 80.0;

/// What is remembered. Sizes and places are in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The inner width.
    pub width: f64,
    /// The inner height.
    pub height: f64,
    /// Where the window begins; nothing before it was first moved.
    pub place: Option<(f64, f64)>,
    /// True when it fills the screen.
    pub maximized: bool,
    /// How large its letters are; 1 is usual.
    pub zoom: f64,
    /// True once somebody was told that it stays in the tray.
    pub told: bool,
}

impl Default for Remembered {
    fn default() -> Remembered {
        Remembered {
            width: 1_200.0,
            height: 800.0,
            place: None,
            maximized: false,
            zoom: 1.0,
            told: false,
        }
    }
}

/// A screen: where it begins and its size.
pub type Screen = ((f64, f64), (f64, f64));

impl Remembered {
    /// The same, fit for the screens that are there now.
    fn fitting(mut self, screens: &[Screen]) -> Remembered {
        let sound = |number: f64| number.is_finite();
        if !sound(self.width) || !sound(self.height) {
            (self.width, self.height) = (1_200.0, 800.0);
        }
        let widest = screens.iter().map(|(_, (width, _))| *width);
        let highest = screens.iter().map(|(_, (_, height))| *height);
        self.width = self.width.min(widest.fold(LEAST.0, f64::max)).max(LEAST.0);
        self.height = self
            .height
            .min(highest.fold(LEAST.1, f64::max))
            .max(LEAST.1);
        let is_seen = |(x, y): (f64, f64)| {
            screens.iter().any(|((left, top), (width, height))| {
                x + self.width - GRIP >= *left
                    && x + GRIP <= left + width
                    && y >= top - 1.0
                    && y + GRIP <= top + height
            })
        };
        self.place = self.place.filter(|place| is_seen(*place));
        if !(0.5..=3.0).contains(&self.zoom) {
            self.zoom = 1.0;
        }
        self
    }
}

/// The memory, and its file.
pub struct Memory {
    path: PathBuf,
    held: Mutex<Remembered>,
}

impl Memory {
    /// As it was left; a file that cannot be read is as none.
    pub fn load(data: &Path) -> Memory {
        let path = data.join(FILE);
        let read = fs::read(&path).ok();
        let held = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Memory {
            path,
            held: Mutex::new(held.unwrap_or_default()),
        }
    }

    /// What is remembered.
    pub fn get(&self) -> Remembered {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is remembered, fit for these screens.
    pub fn fitting(&self, screens: &[Screen]) -> Remembered {
        self.get().fitting(screens)
    }

    /// Changes what is remembered; the file is written by [`Memory::keep`].
    pub fn change(&self, change: impl FnOnce(&mut Remembered)) {
        change(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes the file. A full disk costs the window's place and nothing else.
    pub fn keep(&self) {
        let kept = serde_json::to_vec(&self.get())
            .map_err(std::io::Error::from)
            .and_then(|bytes| fs::write(&self.path, bytes));
        if let Err(error) = kept {
            tracing::warn!(%error, "the window's place could not be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Screen] = &[((0.0, 0.0), (1_920.0, 1_080.0))];

    fn at(place: (f64, f64)) -> Remembered {
        Remembered {
            place: Some(place),
            ..Remembered::default()
        }
    }

    #[test]
    fn a_place_on_a_screen_that_is_gone_is_forgotten() {
        assert_eq!(at((100.0, 50.0)).fitting(ONE).place, Some((100.0, 50.0)));
        assert_eq!(at((-900.0, 50.0)).fitting(ONE).place, Some((-900.0, 50.0)));
        assert_eq!(at((-1_180.0, 50.0)).fitting(ONE).place, None);
        assert_eq!(at((2_500.0, 50.0)).fitting(ONE).place, None);
        assert_eq!(at((100.0, 1_050.0)).fitting(ONE).place, None);
        assert_eq!(at((100.0, -400.0)).fitting(ONE).place, None);
    }

    #[test]
    fn a_window_is_never_larger_than_the_screen_nor_too_small_to_use() {
        let large = Remembered {
            width: 9_000.0,
            height: 10.0,
            zoom: 40.0,
            ..Remembered::default()
        };
        let fits = large.fitting(ONE);
        assert_eq!((fits.width, fits.height), (1_920.0, LEAST.1));
        assert_eq!(fits.zoom, 1.0);
        assert_eq!(Remembered::default().fitting(ONE), Remembered::default());
    }

    #[test]
    fn what_was_kept_is_there_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let memory = Memory::load(data.path());
        memory.change(|held| held.told = true);
        memory.keep();
        assert!(Memory::load(data.path()).get().told);
        fs::write(data.path().join(FILE), "half a fi").unwrap();
        assert_eq!(Memory::load(data.path()).get(), Remembered::default());
    }
}
