//! Web sites as sources, against a real server on loopback.

use domain::document::Document;
use domain::following::{Followed, Item, ItemState, Reach, Rhythm, SiteRules, Trouble, Vanished};
use domain::job::{Lane, Task};
use store::documents::DocumentFilter;
use testkit::TestApp;
use testkit::web::{self, Manner, Reply, Web};

use app::following::Change;

const DAY: i64 = 24 * 60 * 60;

async fn follow(test: &TestApp, address: &str, reach: Reach) -> Followed {
    follow_with(test, rules(address, reach), Vanished::Remove).await
}

async fn follow_with(test: &TestApp, rules: SiteRules, vanished: Vanished) -> Followed {
    let app = &test.app;
    let followed = app.follow_site(&test.owner, rules, Rhythm::Daily, vanished);
    let followed = followed.await.unwrap();
    test.settle().await;
    app.followed(&test.owner, followed.source_id).await.unwrap()
}

fn rules(address: &str, reach: Reach) -> SiteRules {
    SiteRules {
        address: address.to_owned(),
        reach,
        pages: 50,
        depth: 5,
        is_private: true,
    }
}

pub async fn look_again(test: &TestApp, followed: &Followed) -> Followed {
    test.app
        .look_now(&test.owner, followed.source_id)
        .await
        .unwrap();
    test.settle().await;
    test.app
        .followed(&test.owner, followed.source_id)
        .await
        .unwrap()
}

pub async fn items(test: &TestApp, followed: &Followed) -> Vec<Item> {
    let items = test
        .app
        .followed_items(&test.owner, followed.source_id, None, String::new(), 200);
    items.await.unwrap().items
}

async fn item(test: &TestApp, followed: &Followed, end: &str) -> (ItemState, Option<Trouble>) {
    let items = items(test, followed).await;
    let found = items.iter().find(|item| item.key.ends_with(end));
    let found = found.unwrap_or_else(|| panic!("no {end} in {items:?}"));
    (found.state, found.trouble)
}

pub async fn documents(test: &TestApp) -> Vec<Document> {
    let page = test
        .app
        .documents(&test.owner, DocumentFilter::default(), None, 200);
    page.await.unwrap().items
}

async fn titles(test: &TestApp) -> Vec<String> {
    let mut titles: Vec<String> = documents(test)
        .await
        .into_iter()
        .map(|document| document.title)
        .collect();
    titles.sort();
    titles
}

fn page(title: &str, body: &str) -> Reply {
    Reply::html(&format!(
        "<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    ))
}

const WARRANTY: &str =
    "<p>The warranty of every bicycle lasts five years from the day of sale.</p>";

#[tokio::test]
async fn one_page_is_read_and_an_answer_names_its_address() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put(
        "/warranty",
        page("Warranty", &format!("{WARRANTY}<a href='/other'>other</a>")),
    );
    let followed = follow(&test, &site.address("/warranty"), Reach::Page).await;
    assert_eq!((followed.trouble, followed.counts.read), (None, 1));
    assert_eq!(site.asked_paths(), ["/robots.txt", "/warranty"]);
    let document = &documents(&test).await[0];
    assert_eq!(document.title, "Warranty");
    assert_eq!(document.origin, Some(site.address("/warranty")));

    let conversation = test.conversation().await;
    let answer = test
        .ask(&conversation, "How long is the warranty of a bicycle?")
        .await;
    let citation = &answer.citations[0];
    assert_eq!(
        citation.address,
        Some(site.address("/warranty")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_site_is_read_by_its_map_and_its_links_as_robots_txt_asks() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    let map = site.address("/map.xml");
    site.put(
        "/robots.txt",
        Reply::of(
            "text/plain",
            format!("User-agent: *\nDisallow: /private\nSitemap: {map}\n").as_bytes(),
        ),
    );
    let listed = format!(
        "<urlset><url><loc>{}</loc></url><url><loc>https://elsewhere.test/x</loc></url></urlset>",
        site.address("/from-map")
    );
    site.put("/map.xml", Reply::of("application/xml", listed.as_bytes()));
    site.put("/", page("Front", "<p>Front of the shop.</p><a href='/a?utm_source=x'>a</a><a href='/a#part'>a</a>
        <a href='/private/x'>p</a><a href='/logo.png'>l</a><a href='http://elsewhere.test/'>e</a><a href='/data.json'>j</a>"));
    site.put(
        "/a",
        page(
            "Page A",
            "<p>About A.</p><a href='/b'>b</a><a href='/'>home</a>",
        ),
    );
    site.put("/b", page("Page B", "<p>About B.</p>"));
    site.put(
        "/from-map",
        page(
            "From the map",
            "<p>Nobody links here.</p><a href='/list.txt'>t</a><a href='/feed'>f</a>",
        ),
    );
    site.put(
        "/list.txt",
        Reply::of("text/plain", b"Helmets cost 40 euro."),
    );
    site.put("/feed", Reply::of("application/json", b"{}"));
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    let list = format!("127.0.0.1:{}/list", site.port);
    assert_eq!(
        titles(&test).await,
        [list.as_str(), "From the map", "Front", "Page A", "Page B"]
    );
    assert_eq!(
        item(&test, &followed, "/feed").await,
        (ItemState::LeftOut, Some(Trouble::Unsupported))
    );
    let asked = site.asked_paths();
    assert!(
        !asked
            .iter()
            .any(|path| path.contains("private") || path.contains("png")),
        "{asked:?}"
    );
    assert_eq!(
        asked.iter().filter(|path| *path == "/a").count(),
        1,
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_changed_page_is_a_new_version_an_unchanged_one_costs_nothing_and_a_vanished_one_goes() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    let links = "<a href='/a'>a</a><a href='/b'>b</a><a href='/c'>c</a>";
    site.put("/", page("Front", links));
    site.put(
        "/a",
        page("A", "<p>A bicycle costs 300 euro.</p>").with("etag", "\"1\""),
    );
    site.put(
        "/b",
        page("B", "<p>Stays the same.</p><script>var visit = 1</script>"),
    );
    site.put("/c", page("C", "<p>Will vanish.</p>"));
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    let before = documents(&test).await;
    assert_eq!(before.len(), 4);
    site.asked();

    site.put(
        "/b",
        page("B", "<p>Stays the same.</p><script>var visit = 2</script>"),
    );
    let same = look_again(&test, &followed).await;
    assert_eq!(same.counts.read, 4);
    assert_eq!(documents(&test).await, before, "nothing changed");
    let asked = site.asked();
    let conditional =
        |head: &&String| head.starts_with("GET /a ") && head.contains("if-none-match: \"1\"");
    assert_eq!(asked.iter().filter(conditional).count(), 1, "{asked:?}");
    assert!(
        asked[0].to_lowercase().contains("user-agent: chatai/"),
        "{asked:?}"
    );

    site.put(
        "/a",
        page("A", "<p>A bicycle costs 350 euro.</p>").with("etag", "\"2\""),
    );
    site.remove("/c");
    let changed = look_again(&test, &followed).await;
    assert_eq!((changed.counts.read, changed.counts.gone), (3, 1));
    assert_eq!(titles(&test).await, ["A", "B", "Front"]);
    let a = documents(&test)
        .await
        .into_iter()
        .find(|document| document.title == "A")
        .unwrap();
    assert_eq!(a.versions, 1);
    assert_eq!(a.origin, Some(site.address("/a")));
    assert_eq!(
        item(&test, &followed, "/c").await,
        (ItemState::Gone, Some(Trouble::NotFound))
    );

    site.put("/c", page("C", "<p>Is back.</p>"));
    look_again(&test, &followed).await;
    assert_eq!(titles(&test).await, ["A", "B", "C", "Front"]);
}

#[tokio::test]
async fn what_vanished_stays_where_the_owner_says_so_and_a_broken_site_loses_nothing() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put("/", page("Front", "<a href='/a'>a</a>"));
    site.put("/a", page("A", "<p>About A.</p>"));
    let followed = follow_with(
        &test,
        rules(&site.address("/"), Reach::Site),
        Vanished::Keep,
    )
    .await;
    site.remove("/a");
    look_again(&test, &followed).await;
    assert_eq!(item(&test, &followed, "/a").await.0, ItemState::Gone);
    assert_eq!(titles(&test).await, ["A", "Front"]);

    site.put("/", Reply::status(500));
    let broken = look_again(&test, &followed).await;
    assert_eq!(
        (broken.trouble, titles(&test).await.len()),
        (Some(Trouble::ServerError), 2)
    );
    site.put(
        "/robots.txt",
        Reply {
            manner: Manner::Broken,
            ..Reply::default()
        },
    );
    let down = look_again(&test, &followed).await;
    assert!(
        matches!(down.trouble, Some(Trouble::Damaged | Trouble::Unreachable)),
        "{down:?}"
    );
    assert_eq!(titles(&test).await, ["A", "Front"]);
}

#[tokio::test]
async fn a_site_is_looked_at_once_a_day_and_once_after_a_week_off() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put("/a", page("A", WARRANTY));
    let followed = follow(&test, &site.address("/a"), Reach::Page).await;
    assert_eq!(site.asked_paths().len(), 2);
    test.settle().await;
    assert_eq!(site.asked_paths().len(), 0, "not before its time");
    test.clock.pass(7 * DAY);
    let test = test.crashed_and_opened().await;
    test.settle().await;
    assert_eq!(
        site.asked_paths(),
        ["/robots.txt", "/a"],
        "once, however long it was off"
    );

    let change = |change: Change| {
        test.app
            .change_followed(&test.owner, followed.source_id, change)
    };
    let paused = Change {
        is_paused: Some(true),
        ..Change::default()
    };
    assert_eq!(change(paused).await.unwrap().next_at, None);
    test.clock.pass(2 * DAY);
    look_again(&test, &followed).await;
    assert_eq!(site.asked_paths().len(), 0, "paused");
    change(Change {
        is_paused: Some(false),
        ..Change::default()
    })
    .await
    .unwrap();
    test.settle().await;
    assert_eq!(site.asked_paths().len(), 2);
    let never = Change {
        rhythm: Some(Rhythm::Never),
        ..Change::default()
    };
    assert_eq!(change(never).await.unwrap().next_at, None);
    test.clock.pass(30 * DAY);
    test.settle().await;
    assert_eq!(site.asked_paths().len(), 0);
}

#[tokio::test]
async fn a_site_that_was_down_is_read_an_hour_later() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put("/a", Reply::status(502));
    let followed = follow(&test, &site.address("/a"), Reach::Page).await;
    assert_eq!(followed.trouble, Some(Trouble::ServerError));
    site.put("/a", page("A", WARRANTY));
    test.settle().await;
    assert_eq!(titles(&test).await, Vec::<String>::new(), "not at once");
    test.clock.pass(60 * 60);
    test.settle().await;
    assert_eq!(titles(&test).await, ["A"]);
}

#[tokio::test]
async fn a_crash_in_the_middle_of_a_look_loses_nothing_and_asks_nothing_twice() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    let links: String = (0..6)
        .map(|number| format!("<a href='/p{number}'>x</a>"))
        .collect();
    site.put("/", page("Front", &links));
    for number in 0..6 {
        site.put(
            &format!("/p{number}"),
            page(
                &format!("P{number}"),
                &format!("<p>Page number {number}.</p>"),
            ),
        );
    }
    site.put("/p3", Reply::status(503).with("retry-after", "120"));
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    assert!(followed.is_open, "the site asked for a pause");
    let first = site.asked_paths();
    assert_eq!(first.last().unwrap(), "/p3");

    let test = test.crashed_and_opened().await;
    test.settle().await;
    let followed = test
        .app
        .followed(&test.owner, followed.source_id)
        .await
        .unwrap();
    assert!(
        !followed.is_open && followed.trouble.is_none(),
        "{followed:?}"
    );
    assert_eq!((followed.counts.read, followed.counts.failed), (6, 1));
    assert_eq!(
        item(&test, &followed, "/p3").await,
        (ItemState::Failed, Some(Trouble::Busy))
    );
    let second = site.asked_paths();
    assert!(
        second
            .iter()
            .all(|path| !first.contains(path) || path == "/robots.txt" || path == "/sitemap.xml"),
        "{second:?}"
    );
    assert_eq!(titles(&test).await.len(), 6);
}

#[tokio::test]
async fn redirects_stay_on_the_site_and_private_addresses_are_refused() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    web::name("inside.sites.test", &[&["127.0.0.1"]]);
    web::name("mixed.sites.test", &[&["93.184.216.34", "10.0.0.1"]]);
    let elsewhere = Web::start().await;
    elsewhere.put("/", page("Secret", "<p>secret</p>"));
    site.put("/", page("Front", "<a href='/out'>1</a><a href='/loop'>2</a><a href='/in'>3</a><a href='/meta'>4</a><a href='/six'>5</a>"));
    site.put("/out", Reply::redirect(&elsewhere.address("/")));
    site.put("/loop", Reply::redirect("/loop"));
    site.put("/in", Reply::redirect("/goal"));
    site.put(
        "/meta",
        Reply::redirect("http://169.254.169.254/latest/meta-data/"),
    );
    site.put("/six", Reply::redirect("http://[::1]:1/"));
    site.put("/goal", page("Goal", "<p>Here it is.</p>"));
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    for (end, trouble) in [
        ("/out", Trouble::LeadsElsewhere),
        ("/loop", Trouble::Redirects),
        ("/in", Trouble::OtherAddress),
        ("/meta", Trouble::LeadsElsewhere),
        ("/six", Trouble::LeadsElsewhere),
    ] {
        assert_eq!(
            item(&test, &followed, end).await,
            (ItemState::LeftOut, Some(trouble)),
            "{end}"
        );
    }
    assert_eq!(titles(&test).await, ["Front", "Goal"]);
    assert_eq!(elsewhere.asked().len(), 0);

    for host in [
        "inside.sites.test",
        "mixed.sites.test",
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "2130706433",
        "0x7f.1",
    ] {
        let open = SiteRules {
            is_private: false,
            ..rules(&format!("http://{host}:{}/", elsewhere.port), Reach::Site)
        };
        let refused = follow_with(&test, open, Vanished::Remove).await;
        assert_eq!(refused.trouble, Some(Trouble::PrivateAddress), "{host}");
        if host != "inside.sites.test" {
            // One address, written in many ways, is followed once.
            let gone = test.app.remove_source(&test.owner, refused.source_id);
            gone.await.unwrap();
        }
    }
    assert_eq!(elsewhere.asked().len(), 0, "nobody was asked");
    let allowed = rules(
        &format!("http://inside.sites.test:{}/", elsewhere.port),
        Reach::Page,
    );
    let refused = test
        .app
        .follow_site(&test.owner, allowed.clone(), Rhythm::Never, Vanished::Keep)
        .await
        .unwrap_err();
    assert_eq!(refused.code, app::error::ErrorCode::AlreadyFollowed);
}

#[tokio::test]
async fn the_owner_allows_a_host_of_their_own_network_by_name() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    web::name("wiki.sites.test", &[&["127.0.0.1"]]);
    site.put("/", page("Wiki", WARRANTY));
    let address = format!("http://wiki.sites.test:{}/", site.port);
    let closed = SiteRules {
        is_private: false,
        ..rules(&address, Reach::Page)
    };
    let followed = follow_with(&test, closed, Vanished::Remove).await;
    assert_eq!(followed.trouble, Some(Trouble::PrivateAddress));
    let allow = Change {
        is_private: Some(true),
        ..Change::default()
    };
    test.app
        .change_followed(&test.owner, followed.source_id, allow)
        .await
        .unwrap();
    // A name gets the pause that every site gets; it is asked for at once, as nobody asked it before.
    let followed = look_again(&test, &followed).await;
    assert_eq!(
        (followed.trouble, titles(&test).await),
        (None, vec!["Wiki".to_owned()])
    );
    let hosts = test.app.hosts(&test.owner).unwrap();
    assert!(
        hosts
            .iter()
            .any(|seen| seen.host == format!("wiki.sites.test:{}", site.port)),
        "{hosts:?}"
    );
}

#[tokio::test]
async fn a_trap_of_endless_links_and_an_endless_page_are_bounded() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put(
        "/",
        page(
            "Front",
            "<a href='/trap/0'>trap</a><a href='/huge'>huge</a>",
        ),
    );
    site.put(
        "/huge",
        Reply {
            manner: Manner::Endless,
            ..Reply::html("")
        },
    );
    site.put("/robots.txt", Reply::status(404));
    site.otherwise(|path| {
        let number: u32 = path.strip_prefix("/trap/")?.parse().ok()?;
        let links: String = (1..4)
            .map(|step| format!("<a href='/trap/{}'>on</a>", number * 3 + step))
            .collect();
        Some(page(
            &format!("Trap {number}"),
            &format!("<p>Day {number}.</p>{links}"),
        ))
    });
    let few = SiteRules {
        pages: 12,
        ..rules(&site.address("/"), Reach::Site)
    };
    let followed = follow_with(&test, few, Vanished::Remove).await;
    assert!(
        followed.is_cut && followed.trouble.is_none() && !followed.is_open,
        "{followed:?}"
    );
    assert_eq!(items(&test, &followed).await.len(), 12);
    assert_eq!(
        item(&test, &followed, "/huge").await,
        (ItemState::LeftOut, Some(Trouble::TooLarge))
    );
    let shallow = SiteRules {
        depth: 1,
        ..rules(&site.address("/trap/0"), Reach::Site)
    };
    let followed = follow_with(&test, shallow, Vanished::Remove).await;
    assert_eq!(
        items(&test, &followed).await.len(),
        4,
        "the page, and what it links to"
    );
}

#[tokio::test]
async fn doubles_are_one_document_and_wishes_of_pages_are_heard() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put("/", page("Front", "<a href='/a'>1</a><a href='/a-again'>2</a><a href='/canonical?x=1'>3</a><a href='/quiet'>4</a><a href='/one'>5</a><a href='/two'>6</a>"));
    site.put("/a", page("A", "<p>About A.</p>"));
    site.put("/a-again", page("A", "<p>About A.</p>"));
    site.put(
        "/canonical?x=1",
        Reply::html("<link rel=canonical href='/canonical'><p>Text.</p>"),
    );
    site.put("/canonical", page("Canonical", "<p>Text.</p>"));
    site.put(
        "/quiet",
        Reply::html("<meta name=robots content=noindex><p>Quiet.</p><a href='/a'>a</a>"),
    );
    // Two pages that each call the other one the true one: one of them is read.
    site.put(
        "/one",
        Reply::html("<link rel=canonical href='/two'><title>One</title><p>First of two.</p>"),
    );
    site.put(
        "/two",
        Reply::html("<link rel=canonical href='/one'><title>Two</title><p>Second of two.</p>"),
    );
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    assert_eq!(titles(&test).await, ["A", "Canonical", "Front", "Two"]);
    assert_eq!(
        item(&test, &followed, "/a-again").await,
        (ItemState::Same, None)
    );
    assert_eq!(
        item(&test, &followed, "/quiet").await,
        (ItemState::LeftOut, Some(Trouble::NoIndex))
    );

    site.remove("/a");
    look_again(&test, &followed).await;
    assert_eq!(item(&test, &followed, "/a-again").await.0, ItemState::Read);
    let a = documents(&test)
        .await
        .into_iter()
        .find(|document| document.title == "A")
        .unwrap();
    assert_eq!(
        a.origin,
        Some(site.address("/a-again")),
        "the double takes its place"
    );
}

#[tokio::test]
async fn a_document_that_a_member_removed_stays_away_and_a_source_goes_as_a_whole() {
    let (test, site) = (TestApp::new().await, Web::start().await);
    site.put("/", page("Front", "<a href='/a'>a</a>"));
    site.put("/a", page("A", "<p>About A.</p>"));
    let followed = follow(&test, &site.address("/"), Reach::Site).await;
    let a = documents(&test)
        .await
        .into_iter()
        .find(|document| document.title == "A")
        .unwrap();
    test.app.remove_document(&test.owner, a.id).await.unwrap();
    look_again(&test, &followed).await;
    assert_eq!(titles(&test).await, ["Front"]);
    assert_eq!(
        item(&test, &followed, "/a").await,
        (ItemState::LeftOut, Some(Trouble::Removed))
    );

    test.app
        .remove_source(&test.owner, followed.source_id)
        .await
        .unwrap();
    assert_eq!(documents(&test).await, []);
    assert_eq!(test.app.all_followed(&test.owner).await.unwrap(), []);
    let jobs = test
        .app
        .jobs(&test.owner, None, None, 50)
        .await
        .unwrap()
        .items;
    let follows = jobs
        .iter()
        .filter(|job| matches!(job.task, Task::Follow { .. }) && job.task.lane() == Lane::Follow);
    assert_eq!(follows.count(), 0);
}
