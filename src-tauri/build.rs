//! Prepares the window's resources when the program is built with one; nothing otherwise.

fn main() {
    println!("cargo:rerun-if-changed=../assets/demo");
    #[cfg(feature = "desktop")]
    tauri_build::build();
}
