# Copyright (c) 2026, alicloud.tls contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions."""

# ruff: noqa: RUF001 - the names are Chinese, their brackets, too

from __future__ import annotations

from ..actions import Context, Fields
from ..parameters import text
from .common import ALB

_NAMES: dict[str, dict[str, str]] = {
    "cn-hangzhou": {"zh-CN": "华东1（杭州）", "en-US": "China (Hangzhou)", "ja": "中国 (杭州)"},
    "cn-shanghai": {"zh-CN": "华东2（上海）", "en-US": "China (Shanghai)", "ja": "中国 (上海)"},
    "cn-beijing": {"zh-CN": "华北2（北京）", "en-US": "China (Beijing)", "ja": "中国 (北京)"},
    "cn-shenzhen": {"zh-CN": "华南1（深圳）", "en-US": "China (Shenzhen)", "ja": "中国 (深セン)"},
    "ap-southeast-1": {"zh-CN": "新加坡", "en-US": "Singapore", "ja": "シンガポール"},
    "eu-central-1": {"zh-CN": "德国（法兰克福）", "en-US": "Germany (Frankfurt)", "ja": "ドイツ (フランクフルト)"},
}


@ALB.action("DescribeRegions", text("AcceptLanguage", "zh-CN", "en-US", "ja"))
def describe_regions(context: Context) -> Fields:
    """A few regions, with the endpoints that they have in the cloud."""
    language = context.arguments.text("AcceptLanguage", "zh-CN")
    names = {context.settings.region: {}, **_NAMES}
    return {
        "Regions": [
            {
                "RegionId": region,
                "LocalName": local.get(language, region),
                "RegionEndpoint": f"alb.{region}.aliyuncs.com",
            }
            for region, local in names.items()
        ]
    }
