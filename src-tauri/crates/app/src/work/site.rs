//! Looking through a web site, page by page.

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::following::{Followed, Item, Reach, SiteRules, Trouble};
use domain::id::SourceId;
use domain::job::Lease;
use intake::address;
use intake::robots::Robots;
use intake::site::{self, Content, Look, PAGE_LIMIT, Seen};
use net::{Crawler, Url};
use store::looking::{Looked, NewItem};
use store::page::MAX_PAGE;

use crate::App;
use crate::error::Result;
use crate::work::follow::PIECE;

/// Most site maps of a site that are read.
const MOST_MAPS: usize = 10;
/// Seconds a site is left alone that asked for it without saying how long.
const BUSY_SECONDS: u32 = 60;
/// Addresses that one page is followed to, when only one page is wanted: its own, and where it leads.
const ONE_PAGE: u32 = 3;

/// A site that is being looked through.
struct Visit<'a> {
    app: &'a App,
    lease: &'a Lease,
    id: SourceId,
    rules: &'a SiteRules,
    start: Url,
    crawler: Crawler,
    robots: Arc<Robots>,
}

/// How it goes on after a page.
enum Next {
    Page,
    Wait(u32),
    End(Trouble),
}

impl App {
    pub(crate) async fn look_at_site(
        &self,
        lease: &Lease,
        followed: &Followed,
        rules: &SiteRules,
    ) -> Result<()> {
        let id = followed.source_id;
        let Some(start) = address::of_text(&rules.address) else {
            return self.end_look(lease, id, Some(Trouble::Damaged)).await;
        };
        let private = rules.is_private.then_some(&start);
        let Ok(crawler) = self.inner.net.crawler(private) else {
            return self.end_look(lease, id, Some(Trouble::Unreachable)).await;
        };
        let known = self.inner.manners.known(id, followed.pass);
        let is_first = known.is_none();
        let robots = match known {
            Some(robots) => robots,
            None => match site::robots(&crawler, &start).await {
                Ok(robots) => Arc::new(robots),
                Err(trouble) => return self.end_look(lease, id, Some(trouble)).await,
            },
        };
        let visit = Visit {
            app: self,
            lease,
            id,
            rules,
            start,
            crawler,
            robots,
        };
        if is_first {
            visit.begin().await?;
            let robots = Arc::clone(&visit.robots);
            self.inner.manners.keep(id, followed.pass, robots);
        }
        visit.go_on().await
    }
}

impl Visit<'_> {
    /// Adds the first page, and what the site's maps list.
    async fn begin(&self) -> Result<()> {
        self.add(vec![(self.start.clone(), 0)]).await?;
        if self.rules.reach == Reach::Page || self.rules.depth == 0 {
            return Ok(());
        }
        let usual = self.start.join("/sitemap.xml").ok();
        let named = self
            .robots
            .maps
            .iter()
            .filter_map(|map| Url::parse(map).ok());
        let mut maps: Vec<Url> = named.collect();
        if maps.is_empty() {
            maps.extend(usual);
        }
        let most = self.rules.pages as usize;
        let (mut pages, mut read) = (Vec::new(), 0);
        let begun = Instant::now();
        while read < maps.len() && read < MOST_MAPS && pages.len() < most {
            // A site that wants long pauses is read by its links instead.
            let Ok(wait) = self.turn(PIECE.saturating_sub(begun.elapsed())) else {
                break;
            };
            tokio::time::sleep(wait).await;
            let map = site::map(&self.crawler, &self.robots, &maps[read]).await;
            read += 1;
            pages.extend(map.pages.iter().filter_map(|page| self.ours(page)));
            let more = map.maps.iter().filter_map(|map| Url::parse(map).ok());
            for more in more.take(MOST_MAPS) {
                if !maps.contains(&more) {
                    maps.push(more);
                }
            }
        }
        pages.truncate(most.saturating_add(1));
        self.add(pages.into_iter().map(|page| (page, 1)).collect())
            .await
    }

    /// A page of this site that may be read.
    fn ours(&self, page: &str) -> Option<Url> {
        let url = address::clean(Url::parse(page).ok()?)?;
        self.is_ours(&url).then_some(url)
    }

    fn is_ours(&self, url: &Url) -> bool {
        address::is_same_site(&self.start, url)
            && address::may_be_a_page(url)
            && self.robots.allows(url)
    }

    /// Looks at pages until all are seen or the piece is over.
    async fn go_on(&self) -> Result<()> {
        let store = self.app.workspace(self.lease.job.workspace_id);
        let begun = Instant::now();
        loop {
            let is_over = begun.elapsed() >= PIECE;
            if is_over || store.followed(self.id).await?.is_paused {
                return self.put_aside(0).await;
            }
            let Some(item) = store.due_item(self.id).await? else {
                return self.app.end_look(self.lease, self.id, None).await;
            };
            match self.turn(PIECE.saturating_sub(begun.elapsed())) {
                Ok(wait) => tokio::time::sleep(wait).await,
                Err(wait) => {
                    let seconds = u32::try_from(wait.as_secs()).unwrap_or(BUSY_SECONDS);
                    return self.put_aside(seconds.saturating_add(1)).await;
                }
            }
            match self.look(&item).await? {
                Next::Page => {}
                Next::Wait(seconds) => return self.put_aside(seconds).await,
                Next::End(trouble) => {
                    return self.app.end_look(self.lease, self.id, Some(trouble)).await;
                }
            }
        }
    }

    async fn put_aside(&self, seconds: u32) -> Result<()> {
        let store = self.app.workspace(self.lease.job.workspace_id);
        let run_at = self.app.now().plus_seconds(seconds.into());
        Ok(store.put_look_aside(self.lease, self.id, run_at).await?)
    }

    /// How long the site has to be left alone before the next request; an error when that is longer than `patience`.
    fn turn(&self, patience: Duration) -> std::result::Result<Duration, Duration> {
        let pause = Duration::from_secs_f32(site::pause(&self.robots, &self.start));
        let host = self.start.host_str().unwrap_or_default();
        self.app.inner.manners.turn(host, pause, patience)
    }

    async fn look(&self, item: &Item) -> Result<Next> {
        let Ok(url) = Url::parse(&item.key) else {
            self.app
                .looked(
                    self.lease,
                    self.id,
                    &item.key,
                    Looked::LeftOut(Trouble::Damaged),
                )
                .await?;
            return Ok(Next::Page);
        };
        let seen = site::look(&self.crawler, &self.robots, &url, &item.tag, &item.modified).await;
        let Seen {
            look,
            links,
            canonical,
            retry_after,
        } = seen;
        let is_whole_site = self.rules.reach == Reach::Site;
        if is_whole_site && item.depth < self.rules.depth {
            let ours = links.into_iter().filter(|link| self.is_ours(link));
            self.add(ours.map(|link| (link, item.depth + 1)).collect())
                .await?;
        }
        let is_start = url == self.start;
        let looked = match look {
            Look::Content(content) => {
                return match canonical.filter(|_| is_whole_site) {
                    Some(own) if self.may_stand_for(&own).await => self.leads_to(item, own).await,
                    _ => self.take(item, content).await,
                };
            }
            Look::Moved(to) => return self.leads_to(item, to).await,
            Look::Unchanged => Looked::Unchanged,
            Look::LeftOut(trouble) => Looked::LeftOut(trouble),
            Look::Failed(trouble) => Looked::Failed(trouble),
            // A whole site does not go because its front is missing for an hour.
            Look::Gone if is_start && is_whole_site => Looked::Failed(Trouble::NotFound),
            Look::Gone => Looked::Gone,
        };
        self.app
            .looked(self.lease, self.id, &item.key, looked)
            .await?;
        Ok(match looked {
            Looked::Failed(trouble) | Looked::LeftOut(trouble) if is_start => Next::End(trouble),
            Looked::Failed(Trouble::Busy) => Next::Wait(retry_after.unwrap_or(BUSY_SECONDS)),
            _ => Next::Page,
        })
    }

    /// False for an address that itself says that it is this one: one of the two has to be read.
    async fn may_stand_for(&self, own: &Url) -> bool {
        let store = self.app.workspace(self.lease.job.workspace_id);
        let known = store.followed_item(self.id, own.to_string()).await;
        let is_passed_on = known.is_ok_and(|known| known.trouble == Some(Trouble::OtherAddress));
        self.is_ours(own) && !is_passed_on
    }

    async fn leads_to(&self, item: &Item, to: Url) -> Result<Next> {
        let looked = Looked::LeftOut(Trouble::OtherAddress);
        self.app
            .looked(self.lease, self.id, &item.key, looked)
            .await?;
        if self.is_ours(&to) {
            self.add(vec![(to, item.depth)]).await?;
        }
        Ok(Next::Page)
    }

    async fn take(&self, item: &Item, content: Content) -> Result<Next> {
        let store = self.app.workspace(self.lease.job.workspace_id);
        let bytes = Cursor::new(content.bytes);
        // A page grows a little when it is written in UTF-8.
        let file = self
            .app
            .inner
            .store
            .put_file(bytes, 4 * PAGE_LIMIT as u64)
            .await?;
        let mut taken = self.app.taken(&item.key, file, content.media_type);
        taken.tag = content.tag;
        taken.modified = content.modified;
        store
            .item_taken(self.lease, self.id, taken, self.app.now())
            .await?;
        Ok(Next::Page)
    }

    async fn add(&self, pages: Vec<(Url, u32)>) -> Result<()> {
        let most = match self.rules.reach {
            Reach::Page => ONE_PAGE,
            Reach::Site => self.rules.pages,
        };
        let store = self.app.workspace(self.lease.job.workspace_id);
        let items: Vec<NewItem> = pages
            .into_iter()
            .map(|(url, depth)| NewItem {
                name: address::name_of(&url),
                key: url.into(),
                depth,
            })
            .collect();
        for some in items.chunks(MAX_PAGE as usize) {
            store
                .add_items(self.lease, self.id, some.to_vec(), most)
                .await?;
        }
        Ok(())
    }
}
