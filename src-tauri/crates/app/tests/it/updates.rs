//! Newer versions of the program, against a publisher on loopback: what is believed, and the eight that are not
//! (security.md C18). After each of them the product answers as before and nothing of it has changed.

use std::fs;
use std::time::Duration;

use app::error::ErrorCode;
use app::updates::{Outcome, Stage, Trouble, Updates};
use domain::member::Role;
use net::NetSettings;
use serde_json::json;
use testkit::publisher::{
    HandInstaller, HandPublisher, MANIFEST, PLATFORM, SIGNATURE, manifest, package,
};
use testkit::{Outside, TestApp};
use tokio::net::TcpListener;

const MONDAY: &str = "2026-03-02T08:00:00Z";
const TUESDAY: &str = "2026-03-03T08:00:00Z";
const DEB: &str = "chatai_amd64.deb";
const DAY: i64 = 24 * 3_600;

/// A product with a document in it, and who publishes newer ones.
struct Scene {
    test: TestApp,
    publisher: HandPublisher,
    installer: HandInstaller,
}

impl Scene {
    async fn new() -> Scene {
        Scene::believing(HandPublisher::start().await).await
    }

    async fn believing(publisher: HandPublisher) -> Scene {
        let installer = HandInstaller::default();
        let outside = Outside {
            release: installer.release(Some(publisher.named())),
            believed: vec![publisher.certificate.clone()],
            ..Outside::default()
        };
        let test = TestApp::within(outside).await;
        test.add("delivery.md", "# Delivery\n\nDelivery takes two days.")
            .await;
        Scene {
            test,
            publisher,
            installer,
        }
    }

    /// Puts a version there, with its package.
    fn publish(&self, version: &str, time: &str) {
        let package = package(version);
        self.publisher
            .publish(&manifest(version, time, DEB, &package));
        self.publisher.put(DEB, package);
    }

    async fn check(&self) -> Updates {
        let checked = self.test.app.check_for_updates(&self.test.owner).await;
        checked.unwrap()
    }

    async fn now(&self) -> Updates {
        self.test.app.updates(&self.test.owner).await.unwrap()
    }

    async fn download(&self) -> Result<(), Trouble> {
        let got = self.test.app.download_update_now(&self.test.owner).await;
        got.unwrap().map(drop)
    }

    /// Lets it be installed by somebody who sits at the computer, and waits for the end of it.
    async fn install(&self) -> Updates {
        let app = &self.test.app;
        app.install_update(&self.test.owner, true).await.unwrap();
        let ended = async {
            loop {
                let now = self.now().await;
                if now.stage != Stage::Installing {
                    return now;
                }
                tokio::task::yield_now().await;
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(60), ended).await;
        ended.expect("installing ends")
    }

    fn packages(&self) -> Vec<String> {
        let folder = self.test.folder.path().join("data/updates");
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    async fn backups(&self) -> usize {
        let backups = self.test.app.backups(&self.test.owner).await;
        backups.unwrap().len()
    }

    /// The product answers as before, nothing was installed, and there was no reason for a backup.
    async fn is_untouched(&self) {
        assert_eq!(self.installer.installed(), Vec::<std::path::PathBuf>::new());
        assert_eq!(self.backups().await, 0);
        assert_eq!(self.now().await.installed.to_string(), "0.1.0");
        let conversation = self.test.conversation().await;
        let answer = self
            .test
            .ask(&conversation, "How long does delivery take?")
            .await;
        assert!(answer.text.contains("two days"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_newer_version_is_found_fetched_backed_up_and_installed() {
    let scene = Scene::new().await;
    let before = scene.now().await;
    assert_eq!((before.found, before.checked_at), (None, None));
    scene.publish("0.2.0", MONDAY);

    let found = scene.check().await;
    assert_eq!(found.trouble, None);
    assert!(found.checked_at.is_some());
    let version = found.found.unwrap();
    assert_eq!(version.version.to_string(), "0.2.0");
    assert_eq!(version.notes.ru, "Что нового в 0.2.0.");
    assert_eq!(version.size, Some(package("0.2.0").len() as u64));
    assert_eq!(found.stage, Stage::Nothing);

    scene.download().await.unwrap();
    assert_eq!(scene.now().await.stage, Stage::Downloaded);
    assert_eq!(scene.packages(), ["chatai-0.2.0.deb"]);
    scene.is_untouched().await;

    let installed = scene.install().await;
    assert_eq!(
        (installed.stage, installed.trouble),
        (Stage::Installed, None)
    );
    let given = scene.installer.installed();
    assert_eq!(fs::read(&given[0]).unwrap(), package("0.2.0"));
    assert_eq!(given.len(), 1);
    let backups = scene.test.app.backups(&scene.test.owner).await.unwrap();
    let name = backups[0].path.file_name().unwrap().to_string_lossy();
    assert!(name.starts_with("chatai-before-0.2.0-"), "{name}");
    let hosts = scene.test.app.hosts(&scene.test.owner).unwrap();
    assert_eq!(hosts[0].purpose.name(), "updates");
}

#[tokio::test]
async fn who_does_not_sit_at_the_computer_is_told_the_command() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    scene.download().await.unwrap();
    let far = scene
        .test
        .app
        .install_update(&scene.test.owner, false)
        .await;
    let Stage::Prepared(command) = far.unwrap().stage else {
        panic!("a command is told");
    };
    assert!(command.ends_with("chatai-0.2.0.deb"), "{command}");
    assert!(scene.installer.installed().is_empty());
    assert_eq!(scene.backups().await, 1, "the backup is made before it");
}

#[tokio::test]
async fn one_signed_with_another_key_is_refused() {
    let scene = Scene::new().await;
    let stranger = HandPublisher::start().await;
    scene.publish("0.2.0", MONDAY);
    let text = manifest("0.2.0", MONDAY, DEB, &package("0.2.0")).to_string();
    scene
        .publisher
        .put(SIGNATURE, stranger.sign(text.as_bytes()));
    let checked = scene.check().await;
    assert_eq!(checked.trouble, Some(Trouble::BadSignature));
    assert_eq!((checked.found, checked.checked_at), (None, None));
    scene.is_untouched().await;
}

#[tokio::test]
async fn one_with_a_flipped_byte_is_refused() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    let text = manifest("0.2.0", MONDAY, DEB, &package("0.2.0")).to_string();
    let mut flipped = text.clone().into_bytes();
    // Every place of it: the signature is over all of them.
    for place in (0..flipped.len()).step_by(37) {
        flipped[place] ^= 1;
        scene.publisher.put(MANIFEST, flipped.clone());
        let trouble = scene.check().await.trouble;
        assert!(
            matches!(trouble, Some(Trouble::BadSignature | Trouble::Unreadable)),
            "byte {place}: {trouble:?}"
        );
        flipped[place] ^= 1;
    }
    scene.publisher.put(MANIFEST, text);
    assert!(scene.check().await.found.is_some());

    let mut altered = package("0.2.0");
    altered[1_000] ^= 1;
    scene.publisher.put(DEB, altered);
    assert_eq!(scene.download().await, Err(Trouble::WrongContent));
    assert!(scene.packages().is_empty(), "what is wrong is thrown away");
    scene.is_untouched().await;
}

#[tokio::test]
async fn the_replay_of_an_old_one_is_refused() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    scene.publish("0.3.0", TUESDAY);
    scene.check().await;

    scene.publish("0.2.0", MONDAY);
    let replayed = scene.check().await;
    assert_eq!(replayed.trouble, Some(Trouble::Older));
    assert_eq!(replayed.found.unwrap().version.to_string(), "0.3.0");

    // What runs is not gone back from either, however new the signature.
    scene.publish("0.0.9", "2026-03-04T08:00:00Z");
    assert_eq!(scene.check().await.trouble, Some(Trouble::Older));
    assert_eq!(
        scene.now().await.found.unwrap().version.to_string(),
        "0.3.0"
    );
    scene.is_untouched().await;
}

#[tokio::test]
async fn what_was_seen_outlives_the_program() {
    let scene = Scene::new().await;
    scene.publish("0.3.0", TUESDAY);
    scene.check().await;
    let Scene {
        test,
        publisher,
        installer,
    } = scene;
    let TestApp {
        app,
        clock,
        messenger,
        owner,
        folder,
    } = test;
    drop(app);
    clock.pass(300);
    let outside = Outside {
        release: installer.release(Some(publisher.named())),
        believed: vec![publisher.certificate.clone()],
        ..Outside::default()
    };
    let place = testkit::Place::in_folder(folder.path());
    let app = testkit::open_in(&place, clock, messenger, outside);
    let found = app.updates(&owner).await.unwrap().found;
    assert_eq!(found.unwrap().version.to_string(), "0.3.0");
    publisher.publish(&manifest("0.2.0", MONDAY, DEB, &package("0.2.0")));
    let replayed = app.check_for_updates(&owner).await.unwrap();
    assert_eq!(replayed.trouble, Some(Trouble::Older));
}

#[tokio::test]
async fn an_inflated_version_is_refused() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    let inflated = manifest("0.2.0", MONDAY, DEB, &package("0.2.0"))
        .to_string()
        .replace("\"0.2.0\"", "\"9.9.9\"");
    scene.publisher.put(MANIFEST, inflated);
    assert_eq!(scene.check().await.trouble, Some(Trouble::BadSignature));

    // A signed list that names an old package as a new version (CVE-2026-95625).
    let old = package("0.0.5");
    scene
        .publisher
        .publish(&manifest("9.9.9", MONDAY, DEB, &old));
    scene.publisher.put(DEB, old);
    assert_eq!(scene.check().await.trouble, None);
    assert_eq!(scene.download().await, Err(Trouble::WrongPackage));
    assert!(scene.packages().is_empty());
    scene.is_untouched().await;
}

#[tokio::test]
async fn an_unsigned_version_is_refused() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.publisher.remove(SIGNATURE);
    assert_eq!(scene.check().await.trouble, Some(Trouble::Unsigned));
    scene.publisher.put(SIGNATURE, " \n");
    assert_eq!(scene.check().await.trouble, Some(Trouble::Unsigned));
    // A good signature, but over the package alone: it says nothing of the version.
    let of_package = scene.publisher.sign(&package("0.2.0"));
    scene.publisher.put(SIGNATURE, of_package);
    assert_eq!(scene.check().await.trouble, Some(Trouble::BadSignature));
    assert_eq!(scene.now().await.found, None);
    scene.is_untouched().await;
}

#[tokio::test]
async fn one_that_is_not_encrypted_is_not_even_asked_for() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", plain.local_addr().unwrap());
    let scene = Scene::new().await;

    // The package.
    let mut list = manifest("0.2.0", MONDAY, DEB, &package("0.2.0"));
    list["packages"][0]["address"] = json!(format!("{address}/{DEB}"));
    scene.publisher.publish(&list);
    scene.check().await;
    assert_eq!(scene.download().await, Err(Trouble::NotEncrypted));
    // Being sent there by somebody who is.
    scene.publish("0.2.0", TUESDAY);
    scene.check().await;
    let elsewhere = format!("{address}/{DEB}");
    scene.publisher.send_elsewhere(DEB, &elsewhere);
    assert_eq!(scene.download().await, Err(Trouble::Refused));
    scene
        .publisher
        .send_elsewhere(MANIFEST, &format!("{address}/{MANIFEST}"));
    assert_eq!(scene.check().await.trouble, Some(Trouble::Refused));
    scene.is_untouched().await;

    // The list itself.
    let mut named = scene.publisher.named();
    named.address = format!("{address}/{MANIFEST}");
    let outside = Outside {
        release: scene.installer.release(Some(named)),
        ..Outside::default()
    };
    let other = TestApp::within(outside).await;
    let checked = other.app.check_for_updates(&other.owner).await.unwrap();
    assert_eq!(checked.trouble, Some(Trouble::NotEncrypted));
    assert!(other.app.hosts(&other.owner).unwrap().is_empty());

    let knocked = tokio::time::timeout(Duration::ZERO, plain.accept()).await;
    assert!(knocked.is_err(), "nobody asked the plain server");
}

#[tokio::test]
async fn a_truncated_one_is_refused_and_the_next_try_goes_on() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.publisher.cut(MANIFEST, Some(50));
    assert_eq!(scene.check().await.trouble, Some(Trouble::CutOff));
    scene.publisher.cut(MANIFEST, None);
    scene.check().await;

    scene.publisher.cut(DEB, Some(300_000));
    assert_eq!(scene.download().await, Err(Trouble::CutOff));
    let now = scene.now().await;
    assert_eq!(
        (now.stage, now.trouble),
        (Stage::Nothing, Some(Trouble::CutOff))
    );
    let refused = scene.test.app.install_update(&scene.test.owner, true).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);
    scene.is_untouched().await;

    scene.publisher.cut(DEB, None);
    scene.download().await.unwrap();
    let asked = scene.publisher.asked();
    let last = asked.last().unwrap();
    let from: u64 = last
        .strip_prefix(&format!("/{DEB} bytes="))
        .and_then(|range| range.strip_suffix('-'))
        .and_then(|from| from.parse().ok())
        .expect("it goes on where it was broken off");
    assert!((1..=300_000).contains(&from), "{last}");
    assert_eq!(scene.now().await.trouble, None);

    // A shorter file that says it is whole.
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    scene.publisher.put(DEB, &package("0.2.0")[..1_000]);
    assert_eq!(scene.download().await, Err(Trouble::CutOff));
    assert_eq!(scene.download().await, Err(Trouble::CutOff));
    scene.is_untouched().await;
}

#[tokio::test]
async fn more_than_was_announced_is_refused() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    let mut longer = package("0.2.0");
    longer.extend([0; 100_000]);
    scene.publisher.put(DEB, longer);
    assert_eq!(scene.download().await, Err(Trouble::TooLarge));
    assert!(scene.packages().is_empty());
    scene.publisher.put(MANIFEST, vec![b' '; 100_000]);
    assert_eq!(scene.check().await.trouble, Some(Trouble::TooLarge));
    scene.is_untouched().await;
}

#[tokio::test]
async fn one_of_another_platform_is_not_offered() {
    let scene = Scene::new().await;
    let mut list = manifest("0.2.0", MONDAY, DEB, &package("0.2.0"));
    list["packages"][0]["platform"] = json!("linux-aarch64");
    scene.publisher.publish(&list);
    let found = scene.check().await.found.unwrap();
    assert_eq!(found.size, None, "there is no package for this computer");
    let refused = scene.test.app.download_update_now(&scene.test.owner).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotFound);

    // A list that names one of another processor as ours.
    let foreign = b"chatai 0.2.0 arm64\nand the rest".to_vec();
    let list = manifest("0.2.0", TUESDAY, DEB, &foreign);
    assert_eq!(list["packages"][0]["platform"], PLATFORM);
    scene.publisher.publish(&list);
    scene.publisher.put(DEB, foreign);
    scene.check().await;
    assert_eq!(scene.download().await, Err(Trouble::WrongPackage));
    scene.is_untouched().await;
}

#[tokio::test]
async fn a_package_that_was_changed_here_is_not_installed() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    scene.download().await.unwrap();
    let path = scene
        .test
        .folder
        .path()
        .join("data/updates/chatai-0.2.0.deb");
    let mut changed = fs::read(&path).unwrap();
    changed[500] ^= 1;
    fs::write(&path, changed).unwrap();
    let refused = scene.install().await;
    assert_eq!(refused.trouble, Some(Trouble::WrongContent));
    assert_eq!(refused.stage, Stage::Nothing, "it is thrown away");
    scene.is_untouched().await;
    scene.download().await.unwrap();
    assert_eq!(scene.install().await.stage, Stage::Installed);
}

#[tokio::test]
async fn who_asked_and_left_keeps_nobody_else_from_asking() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    {
        let asking = scene.test.app.check_for_updates(&scene.test.owner);
        let mut asking = std::pin::pin!(asking);
        while !scene.now().await.checking {
            tokio::select! {
                biased;
                _ = &mut asking => panic!("the answer takes longer than one step"),
                () = std::future::ready(()) => {}
            }
        }
    }
    let now = scene.now().await;
    assert!(!now.checking);
    assert!(scene.check().await.found.is_some());
}

#[tokio::test]
async fn without_a_backup_nothing_is_installed_and_a_refusal_of_the_system_is_told() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    scene.check().await;
    scene.download().await.unwrap();
    let backups = scene.test.folder.path().join("data/backups");
    fs::write(&backups, "a file where the folder should be").unwrap();
    let refused = scene.install().await;
    assert_eq!(refused.trouble, Some(Trouble::NoBackup));
    assert!(scene.installer.installed().is_empty());
    fs::remove_file(&backups).unwrap();

    scene.installer.ends(Outcome::NotPermitted);
    let refused = scene.install().await;
    assert_eq!(refused.trouble, Some(Trouble::NotPermitted));
    assert_eq!(refused.stage, Stage::Downloaded, "it can be tried again");
    scene.installer.ends(Outcome::Installed);
    let installed = scene.install().await;
    assert_eq!(
        (installed.stage, installed.trouble),
        (Stage::Installed, None)
    );
}

#[tokio::test]
async fn it_is_looked_once_a_day_unless_the_owner_switched_it_off() {
    let scene = Scene::new().await;
    scene.publish("0.2.0", MONDAY);
    let app = &scene.test.app;
    assert!(app.look_when_due(None).await.unwrap());
    assert!(scene.now().await.found.is_some());
    scene.test.clock.pass(DAY - 3_600);
    assert!(!app.look_when_due(None).await.unwrap());
    scene.test.clock.pass(2 * 3_600);
    assert!(app.look_when_due(None).await.unwrap());

    scene.test.clock.pass(2 * DAY);
    let off = app.look_for_updates_daily(&scene.test.owner, false).await;
    assert!(!off.unwrap().daily);
    let asked = scene.publisher.asked().len();
    assert!(!app.look_when_due(None).await.unwrap());
    assert_eq!(scene.publisher.asked().len(), asked);
    let checked = scene.check().await;
    assert_eq!(checked.trouble, None, "asking by hand goes on");
    assert!(!checked.daily);
}

#[tokio::test]
async fn while_only_this_computer_may_be_spoken_to_nobody_is_asked() {
    let publisher = HandPublisher::start().await;
    publisher.publish(&manifest("0.2.0", MONDAY, DEB, &package("0.2.0")));
    let installer = HandInstaller::default();
    let outside = Outside {
        release: installer.release(Some(publisher.named())),
        believed: vec![publisher.certificate.clone()],
        net: NetSettings {
            local_only: true,
            ..NetSettings::default()
        },
        ..Outside::default()
    };
    let test = TestApp::within(outside).await;
    assert!(!test.app.look_when_due(None).await.unwrap());
    let checked = test.app.check_for_updates(&test.owner).await.unwrap();
    assert!(checked.offline);
    assert_eq!(checked.trouble, Some(Trouble::Offline));
    assert!(publisher.asked().is_empty());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_not_believed() {
    let publisher = HandPublisher::start().await;
    publisher.publish(&manifest("0.2.0", MONDAY, DEB, &package("0.2.0")));
    let outside = Outside {
        release: HandInstaller::default().release(Some(publisher.named())),
        ..Outside::default()
    };
    let test = TestApp::within(outside).await;
    let checked = test.app.check_for_updates(&test.owner).await.unwrap();
    assert_eq!(checked.trouble, Some(Trouble::Unreachable));
    assert!(publisher.asked().is_empty());
}

#[tokio::test]
async fn a_build_without_a_publisher_never_looks() {
    let test = TestApp::new().await;
    let updates = test.app.updates(&test.owner).await.unwrap();
    assert_eq!((updates.host, updates.found), (None, None));
    assert!(!test.app.look_when_due(None).await.unwrap());
    let refused = test.app.check_for_updates(&test.owner).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn only_an_owner_may_ask() {
    let scene = Scene::new().await;
    let admin = scene.test.join(Role::Admin).await;
    for refused in [
        scene.test.app.updates(&admin).await.map(drop),
        scene.test.app.check_for_updates(&admin).await.map(drop),
        scene.test.app.install_update(&admin, true).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    }
}
