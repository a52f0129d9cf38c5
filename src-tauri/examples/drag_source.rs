//! `drag_source FILE...`: a small window from which files are dragged, as from a file manager. The smoke test lets them
//! go over the program's window.

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use gtk::gdk::{DragAction, ModifierType};
    use gtk::prelude::*;

    let mut addresses = Vec::new();
    for file in std::env::args_os().skip(1) {
        addresses.push(gtk::glib::filename_to_uri(
            std::path::absolute(file)?,
            None,
        )?);
    }
    gtk::init()?;
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("drag source");
    window.set_default_size(120, 80);
    let place = gtk::EventBox::new();
    place.drag_source_set(ModifierType::BUTTON1_MASK, &[], DragAction::COPY);
    place.drag_source_add_uri_targets();
    place.connect_drag_data_get(move |_, _, data, _, _| {
        let addresses: Vec<&str> = addresses.iter().map(|address| address.as_str()).collect();
        data.set_uris(&addresses);
    });
    window.add(&place);
    window.show_all();
    gtk::main();
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {}
