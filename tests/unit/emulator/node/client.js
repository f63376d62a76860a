// Copyright (c) 2026, alicloud.tls contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What an ordinary program does with the official Node SDK. test_node.py starts it, with its orders as JSON on standard
// input, and checks the answers, which come as JSON on standard output.

"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");

const orders = JSON.parse(readFileSync(0, "utf8"));
const fromCache = createRequire(orders.packages);
const alb = fromCache("@alicloud/alb20200616");
const cas = fromCache("@alicloud/cas20200407");
const { $OpenApiUtil } = fromCache("@alicloud/openapi-core");

function client(product, endpoint) {
  return new product.default(
    new $OpenApiUtil.Config({
      accessKeyId: orders.accessKeyId,
      accessKeySecret: orders.accessKeySecret,
      securityToken: orders.securityToken,
      endpoint: endpoint,
      protocol: "HTTP",
    }),
  );
}

async function failure(call) {
  try {
    await call;
    return null;
  } catch (error) {
    return { name: error.name, code: error.code, statusCode: error.statusCode, retryAfter: error.retryAfter };
  }
}

async function main() {
  const certificates = client(cas, orders.endpoint);
  const balancers = client(alb, orders.endpoint);
  const answers = {};

  const uploaded = await certificates.uploadUserCertificate(
    new cas.UploadUserCertificateRequest({ name: "node", cert: orders.cert, key: orders.key }),
  );
  const detail = await certificates.getUserCertificateDetail(
    new cas.GetUserCertificateDetailRequest({ certId: uploaded.body.certId, certFilter: true }),
  );
  answers.uploaded = uploaded.body.toMap();
  answers.detail = detail.body.toMap();
  const orderList = new cas.ListUserCertificateOrderRequest({ orderType: "CERT", showSize: 10 });
  answers.orders = (await certificates.listUserCertificateOrder(orderList)).body.toMap();
  answers.abroad = (await client(cas, orders.abroad).listUserCertificateOrder(orderList)).body.toMap();
  answers.warehouses = (
    await certificates.listCertWarehouse(new cas.ListCertWarehouseRequest({ type: "uploadCA" }))
  ).body.toMap();

  const created = await balancers.createListener(
    new alb.CreateListenerRequest({
      loadBalancerId: orders.loadBalancerId,
      listenerProtocol: "HTTPS",
      listenerPort: 443,
      http2Enabled: true,
      gzipEnabled: false,
      certificates: [new alb.CreateListenerRequestCertificates({ certificateId: detail.body.certIdentifier })],
      defaultActions: [
        new alb.CreateListenerRequestDefaultActions({
          type: "ForwardGroup",
          forwardGroupConfig: new alb.CreateListenerRequestDefaultActionsForwardGroupConfig({
            serverGroupTuples: [
              new alb.CreateListenerRequestDefaultActionsForwardGroupConfigServerGroupTuples({
                serverGroupId: orders.serverGroupId,
              }),
            ],
          }),
        }),
      ],
      XForwardedForConfig: new alb.CreateListenerRequestXForwardedForConfig({ XForwardedForProtoEnabled: true }),
      tag: [new alb.CreateListenerRequestTag({ key: "by", value: "node*~ é" })],
    }),
  );
  answers.created = created.body.toMap();
  const listenerId = created.body.listenerId;
  const jobs = new alb.ListAsynJobsRequest({ jobIds: [created.body.jobId] });
  do {
    answers.jobs = (await balancers.listAsynJobs(jobs)).body.toMap();
  } while (answers.jobs.Jobs[0].Status === "Processing");
  await balancers.updateListenerAttribute(
    new alb.UpdateListenerAttributeRequest({
      listenerId: listenerId,
      idleTimeout: 20,
      gzipEnabled: true,
      quicConfig: new alb.UpdateListenerAttributeRequestQuicConfig({ quicUpgradeEnabled: false }),
      clientToken: "node-1",
    }),
  );
  answers.busy = await failure(
    balancers.deleteListener(new alb.DeleteListenerRequest({ listenerId: listenerId })),
  );
  let listener;
  do {
    listener = await balancers.getListenerAttribute(new alb.GetListenerAttributeRequest({ listenerId: listenerId }));
  } while (listener.body.listenerStatus !== "Running");
  answers.listener = listener.body.toMap();
  answers.listed = (
    await balancers.listListeners(
      new alb.ListListenersRequest({ listenerIds: ["lsn-other", listenerId], maxResults: 10 }),
    )
  ).body.toMap();
  answers.missing = await failure(
    balancers.getListenerAttribute(new alb.GetListenerAttributeRequest({ listenerId: "lsn-no" })),
  );
  answers.throttled = await failure(
    balancers.listLoadBalancers(new alb.ListLoadBalancersRequest({ loadBalancerIds: [orders.loadBalancerId] })),
  );
  process.stdout.write(JSON.stringify(answers));
}

main().catch((error) => {
  process.stderr.write(`${error.name} ${error.code} ${error.stack}\n`);
  process.exitCode = 1;
});
