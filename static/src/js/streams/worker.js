/** The SharedWorker: one for all tabs of this browser, it lives as long as one of them. */

import { started } from "./sweep.js";

const hub = started();

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => hub.handle(data, (message) => port.postMessage(message));
};
