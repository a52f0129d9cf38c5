/** A document's page with the viewer beside it: the one place where the two features meet. */
import { lazy, Suspense } from "react";
import { Skeleton } from "../design/Parts";
import { DocumentPage } from "../features/knowledge/DocumentPage";

const Viewer = lazy(() =>
  import("../shared/viewer/DocumentViewer").then(({ DocumentViewer }) => ({ default: DocumentViewer })),
);

export default function DocumentRoute({ id }: { id: string }) {
  return (
    <DocumentPage
      id={id}
      original={(place) => (
        <Suspense fallback={<Skeleton lines={6} />}>
          <Viewer documentId={id} place={place} />
        </Suspense>
      )}
    />
  );
}
