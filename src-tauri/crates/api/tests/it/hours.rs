//! Working hours and rules of handoff in an assistant's settings.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn hours_and_rules_go_in_come_out_and_are_kept_by_who_does_not_know_them() {
    let house = House::new().await;
    let owner = house.owner().await;
    let assistant = owner.get("/api/assistants").await.json()["items"][0].clone();
    assert_eq!(assistant["settings"]["hours"], json!(null));
    assert_eq!(assistant["settings"]["handoff"]["idle_minutes"], 30);
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let none: [&str; 0] = [];
    let day = json!([{"from": "09:00", "to": "13:00"}, {"from": "22:00", "to": "02:00"}]);
    let hours = json!({
        "zone": "Europe/Berlin",
        "week": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
            "saturday": none, "sunday": none},
        "holidays": [
            {"first": "2026-12-31", "last": "2027-01-01", "name": "New Year", "every_year": true,
                "intervals": [{"from": "10:00", "to": "12:00"}]},
            {"first": "2026-05-01", "last": null, "name": "", "every_year": false, "intervals": none},
        ],
        "outside": "collect_contact",
    });
    let handoff = json!({
        "on_low_confidence": false, "after_refusals": 2, "on_low_rating": false, "words": ["refund*"],
        "meanwhile": "silent", "idle_minutes": 45, "show_name": false,
        "texts": [{"moment": "taken", "language": "ru", "text": "Отвечает {name}."}],
    });
    let mut change =
        json!({"name": "A", "version": assistant["version"], "settings": assistant["settings"]});
    change["settings"]["hours"] = hours.clone();
    change["settings"]["handoff"] = handoff.clone();
    let changed = owner.change(Method::PUT, &path, change.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    // A page that shows neither sends back the settings it was given, with its own change.
    let given = owner.get(&path).await.json();
    let mut settings = given["settings"].clone();
    settings["greeting"] = json!("Hello");
    let sent = json!({"name": "A", "version": given["version"], "settings": settings});
    let kept = owner.change(Method::PUT, &path, sent).await.json();
    assert_eq!(kept["settings"]["greeting"], "Hello");
    assert_eq!(kept["settings"]["hours"], hours);
    assert_eq!(kept["settings"]["handoff"], handoff);
}

#[tokio::test]
async fn what_is_wrong_with_hours_and_rules_is_told() {
    let house = House::new().await;
    let owner = house.owner().await;
    let assistant = owner.get("/api/assistants").await.json()["items"][0].clone();
    let path = format!("/api/assistants/{}", assistant["id"].as_str().unwrap());
    let interval = |from: &str, to: &str| json!([{"from": from, "to": to}]);
    for (field, value, detail) in [
        (
            "hours",
            json!({"zone": "Europe/Atlantis", "week": {}}),
            "“Europe/Atlantis”: not a time zone of the IANA database, such as Europe/Berlin",
        ),
        (
            "hours",
            json!({"zone": "UTC", "week": {"monday": interval("9:00", "25:00")}}),
            "“25:00”: not a time between 00:00 and 24:00",
        ),
        (
            "hours",
            json!({"zone": "UTC", "week": {"monday": interval("20:00", "09:30"), "tuesday": interval("9:00", "10:00")}}),
            "tuesday: the hours from 09:00 overlap others",
        ),
        (
            "hours",
            json!({"zone": "UTC", "week": {}, "holidays": [{"first": "2026-02-30"}]}),
            "“2026-02-30”: not a date such as 2026-12-24",
        ),
        (
            "handoff",
            {
                let mut rules = assistant["settings"]["handoff"].clone();
                rules["idle_minutes"] = json!(0);
                rules
            },
            "the assistant answers again after 1 to 10080 minutes",
        ),
    ] {
        let mut change = json!({"name": "A", "version": assistant["version"], "settings": assistant["settings"]});
        change["settings"][field] = value;
        let refused = owner.change(Method::PUT, &path, change).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{refused:?}"
        );
        assert_eq!(refused.json()["field"], field);
        assert_eq!(refused.json()["detail"], detail);
    }
}
