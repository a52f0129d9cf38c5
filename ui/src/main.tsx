import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, loadAhead } from "./app/App";
import "./design/base.css";

const root = document.getElementById("root");
loadAhead(location.pathname);
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
