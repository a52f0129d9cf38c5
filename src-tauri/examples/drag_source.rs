//! `drag_source FILE`: a small window from which a file is dragged, as from a file manager. The smoke test lets it go
//! over the program's window.

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use gtk::gdk::{DragAction, ModifierType};
    use gtk::prelude::*;

    let file = std::env::args_os().nth(1).ok_or("which file?")?;
    let address = gtk::glib::filename_to_uri(std::path::absolute(file)?, None)?;
    gtk::init()?;
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("drag source");
    window.set_default_size(120, 80);
    let place = gtk::EventBox::new();
    place.drag_source_set(ModifierType::BUTTON1_MASK, &[], DragAction::COPY);
    place.drag_source_add_uri_targets();
    place.connect_drag_data_get(move |_, _, data, _, _| {
        data.set_uris(&[address.as_str()]);
    });
    window.add(&place);
    window.show_all();
    gtk::main();
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {}
